package dev.darkroom.e2e.bench.server;

import dev.darkroom.s3.S3Access;
import dev.darkroom.store.s3.S3StoreConfig;
import dev.darkroom.store.s3.S3StoreConfigBuilder;
import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** {@link S3ServerMain} as a child process, with a bucket. */
public final class S3Bucket implements AutoCloseable {

  private static final int HEAP_MIB = 512;

  private final ChildServer child;

  private S3Bucket(ChildServer child) {
    this.child = child;
  }

  /** Starts a server with its objects in a directory. */
  public static S3Bucket start(Path directory) throws IOException {
    return new S3Bucket(ChildServer.start(S3ServerMain.class, HEAP_MIB, directory.toString()));
  }

  /** The store configuration with the operator's defaults. */
  public S3StoreConfig config() {
    return S3StoreConfigBuilder.builder(S3StoreConfig.inBucket(S3Server.BUCKET))
        .access(access())
        .build();
  }

  public S3Access access() {
    URI endpoint = URI.create("http://127.0.0.1:" + child.address().getPort());
    return S3Server.access(endpoint).build();
  }

  @Override
  public void close() {
    child.close();
  }
}
