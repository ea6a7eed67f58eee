package dev.darkroom.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.darkroom.s3.S3Access;
import dev.darkroom.s3.S3AccessBuilder;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import dev.darkroom.store.s3.S3StoreConfig;
import dev.darkroom.store.s3.S3StoreConfigBuilder;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** S3Proxy in this process, with one bucket and one pair of keys. */
public final class S3Server implements Closeable {

  public static final String BUCKET = "images";
  public static final S3Credentials CREDENTIALS =
      S3Credentials.of("test-access-key", "test-secret-key");

  private final S3Proxy proxy;
  private final BlobStore backend;
  private final String scheme;

  private S3Server(S3Proxy proxy, BlobStore backend, String scheme) {
    this.proxy = proxy;
    this.backend = backend;
    this.scheme = scheme;
  }

  /** Starts a server that keeps everything in memory. */
  public static S3Server inMemory() throws IOException {
    return start(backend("transient-nio2", new Properties()), Optional.empty());
  }

  /** Starts a server that keeps its objects in a directory. */
  public static S3Server inDirectory(Path directory) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", directory.toString());
    return start(backend("filesystem-nio2", properties), Optional.empty());
  }

  /** Starts a server in memory with a wrapper around its backend. */
  public static S3Server behind(UnaryOperator<BlobStore> middleware) throws IOException {
    BlobStore memory = backend("transient-nio2", new Properties());
    return start(middleware.apply(memory), Optional.empty());
  }

  /** Starts a server in memory with TLS. */
  public static S3Server withTls(SSLContext identity) throws IOException {
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

  /** Accepts only requests that are signed with these keys, from now on. */
  public void accept(S3Credentials credentials) {
    proxy.setBlobStoreLocator(
        (identity, container, object) ->
            credentials.accessKeyId().equals(identity)
                ? new AccessGrant(credentials.secretAccessKey(), backend)
                : null);
  }

  /** Returns the names of all objects, as stored by the server. */
  public List<String> objects() {
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      ListObjectsV2Response page =
          backend.list(
              ListObjectsV2Request.builder().bucket(BUCKET).continuationToken(token).build());
      page.contents().forEach(object -> names.add(object.key()));
      token = page.nextContinuationToken();
    } while (token != null);
    return names;
  }

  /** Puts an object directly into the server. */
  public void put(String object, String text) {
    put(object, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Puts an object directly into the server. */
  public void put(String object, byte[] bytes) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(BUCKET)
            .key(object)
            .contentLength((long) bytes.length)
            .build();
    Object unused = backend.putBlob(request, new ByteArrayInputStream(bytes));
  }

  /** Deletes an object directly from the server. */
  public void remove(String object) {
    backend.removeBlob(BUCKET, object);
  }

  /** Returns the address of the server. */
  public URI endpoint() {
    int port = scheme.equals("http") ? proxy.getPort() : proxy.getSecurePort();
    return URI.create(scheme + "://127.0.0.1:" + port);
  }

  /** Returns the settings of a store, with small parts and short timeouts. */
  public S3StoreConfigBuilder config() {
    return config(endpoint());
  }

  /** As {@link #config()}, with another access. */
  public static S3StoreConfigBuilder config(URI endpoint) {
    return S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(BUCKET))
        .access(access(endpoint).build())
        .partBytes(S3StoreConfig.MIN_PART_BYTES);
  }

  /** Returns the access to the server. */
  public static S3AccessBuilder access(URI endpoint) {
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
