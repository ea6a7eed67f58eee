package dev.darkroom.e2e.scenario;

import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpec;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.S3SourceSpec;
import dev.darkroom.api.S3SourceSpecBuilder;
import dev.darkroom.api.S3StoreSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.testing.S3Server;
import dev.darkroom.testing.TcpProxy;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;

/**
 * An S3 server ({@link S3Proxy} in this process) with one bucket, and the ImageStores and Secrets
 * of a tenant that lead there. The tenant's namespace must be the operator's as well.
 */
final class ObjectStorage implements AutoCloseable {

  /** The Secret that stores and sources refer to. */
  static final String SECRET = "object-storage";

  private final Tenant tenant;
  private final S3Server server;
  private final TcpProxy proxy;

  private ObjectStorage(Tenant tenant, S3Server server, TcpProxy proxy) {
    this.tenant = tenant;
    this.server = server;
    this.proxy = proxy;
  }

  /** Starts the server; its keys are in the Secret. */
  static ObjectStorage start(Tenant tenant) throws IOException {
    S3Server server = S3Server.inMemory();
    ObjectStorage storage = new ObjectStorage(tenant, server, TcpProxy.before(server.endpoint()));
    storage.tell(S3Server.CREDENTIALS);
    return storage;
  }

  /** Puts these keys into the Secret. */
  void tell(S3Credentials keys) {
    tenant.putSecret(
        SECRET,
        Map.of("accessKeyId", keys.accessKeyId(), "secretAccessKey", keys.secretAccessKey()));
  }

  /** A store that is ready; gives the ImageStore's name. */
  String store(String name) {
    String store = tenant.namespace() + "-" + name;
    tenant.createStore(store, at(name));
    tenant.await(ImageStore.class, store, States.ready());
    return store;
  }

  /** A store below a prefix. */
  ImageStoreSpec at(String prefix) {
    return ImageStoreSpecBuilder.builder()
        .s3(
            S3StoreSpecBuilder.builder()
                .bucket(S3Server.BUCKET)
                .prefix(prefix)
                .endpoint(proxy.endpoint().toString())
                .pathStyle(true)
                .partSize(new Quantity("5Mi"))
                .credentialsRef(new SecretReference(SECRET))
                .build())
        .build();
  }

  /** An object as a source. */
  S3SourceSpec source(String object) {
    return S3SourceSpecBuilder.builder()
        .bucket(S3Server.BUCKET)
        .key(object)
        .endpoint(proxy.endpoint().toString())
        .pathStyle(true)
        .credentialsRef(new SecretReference(SECRET))
        .build();
  }

  S3Server server() {
    return server;
  }

  /** What clients have said, up to a mebibyte. */
  String said() {
    return proxy.said();
  }

  /** The names of all objects but a probe's. */
  List<String> objects() {
    return server.objects().stream().filter(name -> !name.contains(".probe")).sorted().toList();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
  }
}
