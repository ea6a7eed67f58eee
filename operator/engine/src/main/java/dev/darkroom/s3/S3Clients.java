package dev.darkroom.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.DnsResolver;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Makes the SDK's clients.
 *
 * <p>The client is the blocking one on Apache's HTTP. Of the SDK's clients (CRT, Netty,
 * URLConnection and both Apaches, measured against a server on the same machine) it took the least
 * processor time for parts from memory and for a stream that is read, and it needs no native code.
 * Parallel requests need a thread each, which the caller provides.
 */
public final class S3Clients {

  private static final int CONNECTIONS = 256;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private S3Clients() {}

  /**
   * Makes a client without restrictions of addresses. The client uses the proxy of the environment,
   * if set. Sends no request.
   *
   * @throws IllegalArgumentException when the settings can't be used: no region is known, or the CA
   *     bundle is invalid
   */
  public static S3Client open(S3Access access) {
    return open(access, http(access));
  }

  /**
   * Makes a client that connects only to the addresses that the guard returns for a host, and
   * through no proxy. The guard sees every name and every literal address just before the
   * connection, which goes to the returned address.
   *
   * @throws IllegalArgumentException as {@link #open(S3Access)}
   */
  public static S3Client open(S3Access access, DnsResolver guard) {
    ProxyConfiguration none =
        ProxyConfiguration.builder()
            .useSystemPropertyValues(Boolean.FALSE)
            .useEnvironmentVariableValues(Boolean.FALSE)
            .build();
    return open(access, http(access).dnsResolver(guard).proxyConfiguration(none));
  }

  private static S3Client open(S3Access access, Apache5HttpClient.Builder http) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(http)
            .credentialsProvider(credentials(access.identity()))
            .requestChecksumCalculation(
                switch (access.checksums()) {
                  case WHEN_REQUIRED -> RequestChecksumCalculation.WHEN_REQUIRED;
                  case WHEN_SUPPORTED -> RequestChecksumCalculation.WHEN_SUPPORTED;
                })
            .responseChecksumValidation(
                switch (access.checksums()) {
                  case WHEN_REQUIRED -> ResponseChecksumValidation.WHEN_REQUIRED;
                  case WHEN_SUPPORTED -> ResponseChecksumValidation.WHEN_SUPPORTED;
                })
            .serviceConfiguration(configuration(access))
            .overrideConfiguration(
                override ->
                    override
                        .retryStrategy(RetryMode.STANDARD)
                        .apiCallAttemptTimeout(access.requestTimeout()));
    access.endpoint().ifPresent(client::endpointOverride);
    region(access).ifPresent(client::region);
    try {
      return access.identity() instanceof S3Identity.Keys keys
          ? new RenewingClient(client.build(), keys)
          : client.build();
    } catch (SdkException | IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Makes a signer of URLs with the same settings. Sends no request.
   *
   * @throws IllegalArgumentException as {@link #open(S3Access)}
   */
  public static S3Presigner presigner(S3Access access) {
    S3Presigner.Builder presigner =
        S3Presigner.builder()
            .credentialsProvider(credentials(access.identity()))
            .serviceConfiguration(configuration(access));
    access.endpoint().ifPresent(presigner::endpointOverride);
    region(access).ifPresent(presigner::region);
    try {
      return presigner.build();
    } catch (SdkException | IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Apache5HttpClient.Builder http(S3Access access) {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionTimeout(CONNECT_TIMEOUT)
            .connectionAcquisitionTimeout(access.requestTimeout())
            .socketTimeout(access.requestTimeout())
            .tcpKeepAlive(true);
    access
        .caBundle()
        .map(S3Clients::trust)
        .ifPresent(trust -> http.tlsTrustManagersProvider(() -> trust));
    return http;
  }

  private static S3Configuration configuration(S3Access access) {
    return S3Configuration.builder()
        .pathStyleAccessEnabled(access.addressing() == S3Access.Addressing.PATH)
        .chunkedEncodingEnabled(access.bodyEncoding() == S3Access.BodyEncoding.AWS_CHUNKED)
        .build();
  }

  private static Optional<Region> region(S3Access access) {
    return access
        .region()
        .or(() -> access.endpoint().map(endpoint -> Region.US_EAST_1.id()))
        .map(Region::of);
  }

  private static AwsCredentialsProvider credentials(S3Identity identity) {
    if (identity instanceof S3Identity.Keys keys) {
      return () -> credentials(keys.current());
    }
    if (identity instanceof S3Identity.Anonymous) {
      return AnonymousCredentialsProvider.create();
    }
    return DefaultCredentialsProvider.builder().build();
  }

  private static AwsCredentials credentials(Supplier<S3Credentials> supplier) {
    S3Credentials now = supplier.get();
    return now.sessionToken()
        .<AwsCredentials>map(
            token -> AwsSessionCredentials.create(now.accessKeyId(), now.secretAccessKey(), token))
        .orElseGet(() -> AwsBasicCredentials.create(now.accessKeyId(), now.secretAccessKey()));
  }

  private static TrustManager[] trust(String pem) {
    try {
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, null);
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      for (Certificate authority :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))) {
        authorities.setCertificateEntry("ca-" + authorities.size(), authority);
      }
      if (authorities.size() == 0) {
        throw new IllegalArgumentException("the CA bundle holds no certificate");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(authorities);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the CA bundle is invalid", e);
    }
  }
}
