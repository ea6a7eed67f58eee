package dev.darkroom.s3;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a server is and how it is spoken to. {@link #aws} and {@link #at} have the defaults, {@code
 * S3AccessBuilder.builder(access)} changes them.
 *
 * @param endpoint of a server that is not AWS: scheme, host and maybe a port
 * @param region as AWS names it; absent: what the SDK finds in its environment, or {@code
 *     us-east-1} when there is an endpoint, since other servers seldom care
 * @param addressing where the bucket's name goes
 * @param identity as whom requests are made
 * @param caBundle certificates in PEM; these authorities are trusted and no others. Absent: those
 *     of the Java runtime
 * @param requestTimeout how long a request may go without an answer or, in a body, without a byte
 * @param checksums which checksums the SDK adds by itself
 * @param bodyEncoding how bodies are sent
 */
@RecordBuilder
public record S3Access(
    Optional<URI> endpoint,
    Optional<String> region,
    Addressing addressing,
    S3Identity identity,
    Optional<String> caBundle,
    Duration requestTimeout,
    SdkChecksums checksums,
    BodyEncoding bodyEncoding) {

  /** Where the bucket's name goes in a URL. */
  public enum Addressing {
    /** Into the host name: what AWS wants. */
    VIRTUAL_HOST,
    /** Into the path: what most other servers want. */
    PATH
  }

  /**
   * Which checksums the SDK adds to requests, and compares in answers, by itself; what matters
   * carries its own in any case.
   */
  public enum SdkChecksums {
    /** Where an operation can't do without: what every server takes. */
    WHEN_REQUIRED,
    /** Wherever they can be (CRC32, in a trailer): what AWS takes, and some refuse. */
    WHEN_SUPPORTED
  }

  /** How bodies are sent. */
  public enum BodyEncoding {
    /** As they are: what every server takes. */
    PLAIN,
    /**
     * In signed chunks ({@code aws-chunked}): some refuse it, some keep its name with the object.
     */
    AWS_CHUNKED
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException saying which is wrong
   */
  public S3Access {
    endpoint.ifPresent(S3Access::check);
    if (requestTimeout.toMillis() <= 0) {
      throw new IllegalArgumentException("S3: no time for requests");
    }
  }

  private static void check(URI endpoint) {
    String scheme = Optional.ofNullable(endpoint.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || endpoint.getHost() == null
        || endpoint.getRawUserInfo() != null
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || !(endpoint.getRawPath().isEmpty() || endpoint.getRawPath().equals("/"))
        || endpoint.getPort() > 65535
        || endpoint.getPort() == 0) {
      throw new IllegalArgumentException(
          "S3: an endpoint is http or https, a host and maybe a port, such as"
              + " https://s3.example.org:9000");
    }
  }

  /** AWS, as this process itself, 60 s for a request. */
  public static S3Access aws() {
    return new S3Access(
        Optional.empty(),
        Optional.empty(),
        Addressing.VIRTUAL_HOST,
        new S3Identity.Own(),
        Optional.empty(),
        Duration.ofSeconds(60),
        SdkChecksums.WHEN_REQUIRED,
        BodyEncoding.PLAIN);
  }

  /**
   * Another server, with the bucket's name in the path.
   *
   * @throws IllegalArgumentException when that can't be an endpoint
   */
  public static S3Access at(URI endpoint) {
    return S3AccessBuilder.builder(aws())
        .endpoint(Optional.of(endpoint))
        .addressing(Addressing.PATH)
        .build();
  }

  /** The server's host and, where it is given, port; for people. */
  public Optional<String> authority() {
    return endpoint.map(at -> at.getHost() + (at.getPort() < 0 ? "" : ":" + at.getPort()));
  }

  /** Whether requests go to the same server as the same account; false when in doubt. */
  public boolean isSameAccountAs(S3Access other) {
    return endpoint.equals(other.endpoint)
        && region.equals(other.region)
        && S3Identity.areSame(identity, other.identity);
  }
}
