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
 * An S3 server ({@link S3Proxy} in this process) with one bucket, and a tenant's ImageStores and
 * Secret for it. The tenant's namespace must be the operator's namespace.
 */
public final class ObjectStorage implements AutoCloseable {

  /** The Secret for stores and sources. */
  public static final String SECRET = "object-storage";

  private final Tenant tenant;
  private final S3Server server;
  private final TcpProxy proxy;

  private ObjectStorage(Tenant tenant, S3Server server, TcpProxy proxy) {
    this.tenant = tenant;
    this.server = server;
    this.proxy = proxy;
  }

  /** Starts the server and writes its keys to the Secret. */
  public static ObjectStorage start(Tenant tenant) throws IOException {
    S3Server server = S3Server.inMemory();
    ObjectStorage storage = new ObjectStorage(tenant, server, TcpProxy.before(server.endpoint()));
    storage.useKeys(S3Server.CREDENTIALS);
    return storage;
  }

  /** Writes these keys to the Secret. */
  public void useKeys(S3Credentials keys) {
    tenant.putSecret(
        SECRET,
        Map.of("accessKeyId", keys.accessKeyId(), "secretAccessKey", keys.secretAccessKey()));
  }

  /** Creates a store and waits until it is Ready; returns the name of the ImageStore. */
  public String store(String name) {
    String store = tenant.namespace() + "-" + name;
    tenant.createStore(store, at(name));
    tenant.await(ImageStore.class, store, ConditionPredicates.ready());
    return store;
  }

  /** The spec of a store with this prefix. */
  public ImageStoreSpec at(String prefix) {
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

  /** The spec of an object as a source. */
  public S3SourceSpec source(String object) {
    return S3SourceSpecBuilder.builder()
        .bucket(S3Server.BUCKET)
        .key(object)
        .endpoint(proxy.endpoint().toString())
        .pathStyle(true)
        .credentialsRef(new SecretReference(SECRET))
        .build();
  }

  /** The S3 server. */
  public S3Server server() {
    return server;
  }

  /** The bytes that clients sent, up to 1 MiB. */
  public String received() {
    return proxy.said();
  }

  /** The names of all objects, without probe objects. */
  public List<String> objects() {
    return server.objects().stream().filter(name -> !name.contains(".probe")).sorted().toList();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
  }
}
