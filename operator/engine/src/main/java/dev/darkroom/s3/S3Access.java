package dev.darkroom.s3;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The location of a server and how requests are made. {@link #aws} and {@link #at} have the
 * defaults, {@code S3AccessBuilder.builder(access)} changes them.
 *
 * @param endpoint the URL of a server that is not AWS: scheme, host and an optional port
 * @param region the region of AWS; absent: the region of the SDK's environment, or {@code
 *     us-east-1} when there is an endpoint, since other servers seldom check it
 * @param addressing the place of the bucket's name
 * @param identity the keys of the requests
 * @param caBundle certificates in PEM; these authorities are trusted and no others. Absent: those
 *     of the Java runtime
 * @param requestTimeout the longest wait for an answer or, in a body, for a byte
 * @param checksums which checksums the SDK adds by itself
 * @param bodyEncoding the encoding of bodies
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

  /** The place of the bucket's name in a URL. */
  public enum Addressing {
    /** In the host name: required by AWS. */
    VIRTUAL_HOST,
    /** In the path: required by most other servers. */
    PATH
  }

  /**
   * The checksums that the SDK adds to requests, and compares in answers. Requests that need a
   * checksum set one in any case.
   */
  public enum SdkChecksums {
    /** Only where an operation requires one: every server accepts it. */
    WHEN_REQUIRED,
    /** Wherever possible (CRC32, in a trailer): AWS accepts it, some servers refuse it. */
    WHEN_SUPPORTED
  }

  /** The encoding of bodies. */
  public enum BodyEncoding {
    /** Plain: every server accepts it. */
    PLAIN,
    /**
     * In signed chunks ({@code aws-chunked}): some servers refuse it, some store the name of the
     * encoding with the object.
     */
    AWS_CHUNKED
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the invalid value
   */
  public S3Access {
    endpoint.ifPresent(S3Access::check);
    if (requestTimeout.toMillis() <= 0) {
      throw new IllegalArgumentException("S3: the timeouts must be positive");
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
          "S3: an endpoint is http or https, a host and an optional port, such as"
              + " https://s3.example.org:9000");
    }
  }

  /** Returns access to AWS with the process's own credentials and a timeout of 60 s. */
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
   * Returns access to another server, with the bucket's name in the path.
   *
   * @throws IllegalArgumentException for an invalid endpoint
   */
  public static S3Access at(URI endpoint) {
    return S3AccessBuilder.builder(aws())
        .endpoint(Optional.of(endpoint))
        .addressing(Addressing.PATH)
        .build();
  }

  /** Returns the host and, if given, port of the server, for messages. */
  public Optional<String> authority() {
    return endpoint.map(at -> at.getHost() + (at.getPort() < 0 ? "" : ":" + at.getPort()));
  }

  /** Returns whether requests go to the same server with the same account; false when in doubt. */
  public boolean isSameAccountAs(S3Access other) {
    return endpoint.equals(other.endpoint)
        && region.equals(other.region)
        && S3Identity.areSame(identity, other.identity);
  }
}
