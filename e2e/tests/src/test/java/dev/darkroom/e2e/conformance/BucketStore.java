package dev.darkroom.e2e.conformance;

import dev.darkroom.s3.S3Clients;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.s3.S3Store;
import dev.darkroom.store.s3.S3StoreConfig;
import dev.darkroom.testing.S3Server;
import dev.darkroom.testing.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 store in a bucket of a server in this process, with direct access to the bucket. */
final class BucketStore implements StoreUnderTest {

  /** The same for every process: they run one after the other. */
  private static final Optional<String> INSTANCE = Optional.of("conformance");

  private static final String RECORD = "disk.json";

  private final S3Server server;
  private final TcpProxy proxy;
  private final S3Client client;
  private final BlobStore sound;
  private final BlobStore store;

  private BucketStore(
      S3Server server, TcpProxy proxy, S3Client client, BlobStore sound, BlobStore store) {
    this.server = server;
    this.proxy = proxy;
    this.client = client;
    this.sound = sound;
    this.store = store;
  }

  /** Starts a new server, closed with the store. */
  static BucketStore start() throws IOException {
    S3Server server = S3Server.inMemory();
    TcpProxy proxy = TcpProxy.before(server.endpoint());
    return new BucketStore(
        server,
        proxy,
        S3Clients.open(server.config().build().access()),
        S3Store.open(config(server.endpoint())),
        S3Store.open(config(proxy.endpoint())));
  }

  /** The configuration of the store for another process. */
  static S3StoreConfig config(URI endpoint) {
    return S3Server.config(endpoint).instance(INSTANCE).build();
  }

  /** The endpoint of the server. */
  URI endpoint() {
    return server.endpoint();
  }

  /** The proxy between the store and the server. */
  TcpProxy proxy() {
    return proxy;
  }

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public BlobStore sound() {
    return sound;
  }

  /**
   * Objects in a directory without a metadata object belong to no blob, nor do parts of uploads.
   */
  @Override
  public long leftBehind() {
    List<S3Object> objects =
        client.listObjectsV2Paginator(list -> list.bucket(S3Server.BUCKET)).contents().stream()
            .toList();
    Set<String> published = new HashSet<>();
    for (S3Object object : objects) {
      if (object.key().endsWith("/" + RECORD)) {
        published.add(directory(object.key()));
      }
    }
    long unpublished =
        objects.stream()
            .filter(object -> !published.contains(directory(object.key())))
            .mapToLong(S3Object::size)
            .sum();
    return unpublished + inUploads();
  }

  private long inUploads() {
    long bytes = 0;
    for (MultipartUpload upload :
        client.listMultipartUploads(list -> list.bucket(S3Server.BUCKET)).uploads()) {
      List<Part> parts =
          client
              .listParts(
                  list ->
                      list.bucket(S3Server.BUCKET).key(upload.key()).uploadId(upload.uploadId()))
              .parts();
      bytes += 1 + parts.stream().mapToLong(Part::size).sum();
    }
    return bytes;
  }

  private static String directory(String object) {
    return object.substring(0, object.lastIndexOf('/') + 1);
  }

  @Override
  public void close() throws IOException {
    store.close();
    sound.close();
    client.close();
    proxy.close();
    server.close();
  }
}
