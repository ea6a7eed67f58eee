package dev.darkroom.store.s3;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** S3Proxy in this process, with one bucket and one pair of keys. */
final class S3Server implements Closeable {

  static final String BUCKET = "images";
  static final S3Credentials CREDENTIALS = S3Credentials.of("test-access-key", "test-secret-key");

  private final S3Proxy proxy;
  private final BlobStore backend;
  private final String scheme;

  private S3Server(S3Proxy proxy, BlobStore backend, String scheme) {
    this.proxy = proxy;
    this.backend = backend;
    this.scheme = scheme;
  }

  /** A server that keeps everything in memory. */
  static S3Server inMemory() throws IOException {
    return start(backend("transient-nio2", new Properties()), Optional.empty());
  }

  /** A server that keeps its objects in a directory. */
  static S3Server inDirectory(Path directory) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", directory.toString());
    return start(backend("filesystem-nio2", properties), Optional.empty());
  }

  /** A server that keeps everything in memory, behind something that changes what it does. */
  static S3Server behind(UnaryOperator<BlobStore> middleware) throws IOException {
    BlobStore memory = backend("transient-nio2", new Properties());
    return start(middleware.apply(memory), Optional.empty());
  }

  /** A server that keeps everything in memory and speaks TLS. */
  static S3Server withTls(SSLContext identity) throws IOException {
    return start(backend("transient-nio2", new Properties()), Optional.of(identity));
  }

  private static BlobStore backend(String name, Properties properties) {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    BlobStore backend = BlobStores.create(name, properties);
    Object unused = backend.createContainer(CreateBucketRequest.builder().bucket(BUCKET).build());
    return backend;
  }

  private static S3Server start(BlobStore backend, Optional<SSLContext> tls) throws IOException {
    String scheme = tls.isPresent() ? "https" : "http";
    URI anyPort = URI.create(scheme + "://127.0.0.1:0");
    S3Proxy.Builder builder =
        S3Proxy.builder()
            .blobStore(backend)
            .awsAuthentication(
                AuthenticationType.AWS_V4, CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey())
            .stopTimeout(0);
    tls.ifPresentOrElse(
        context -> builder.secureEndpoint(anyPort).sslContext(context),
        () -> builder.endpoint(anyPort));
    S3Proxy proxy = builder.build();
    try {
      proxy.start();
    } catch (Exception e) {
      throw new IOException("S3Proxy does not start", e);
    }
    return new S3Server(proxy, backend, scheme);
  }

  /** The store behind the protocol, to look at without it. */
  BlobStore backend() {
    return backend;
  }

  /** Where it listens. */
  URI endpoint() {
    int port = scheme.equals("http") ? proxy.getPort() : proxy.getSecurePort();
    return URI.create(scheme + "://127.0.0.1:" + port);
  }

  /** How a store reaches it: with small parts and little patience. */
  S3StoreConfigBuilder config() {
    return config(endpoint());
  }

  /** As {@link #config()}, by another way. */
  static S3StoreConfigBuilder config(URI endpoint) {
    return S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(BUCKET))
        .access(access(endpoint).build())
        .partBytes(S3StoreConfig.MIN_PART_BYTES);
  }

  /** As whom and where a server is asked. */
  static S3AccessBuilder access(URI endpoint) {
    return S3AccessBuilder.builder(S3Access.at(endpoint))
        .identity(S3Identity.keys(CREDENTIALS))
        .requestTimeout(Duration.ofSeconds(10));
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("S3Proxy does not stop", e);
    } finally {
      backend.close();
    }
  }
}
