package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A program that writes to a server until it is killed; prints its token when a part has arrived.
 */
final class S3EndlessWriter {

  private S3EndlessWriter() {}

  /** The server's endpoint is the argument. */
  @SuppressWarnings("SystemOut") // Its parent reads this.
  public static void main(String[] arguments) throws IOException {
    S3StoreConfig config =
        S3Server.config(URI.create(arguments[0])).instance(Optional.of("operator-0")).build();
    try (S3Store store = S3Store.open(config);
        BlobWrite write = store.open(BlobKey.of("lab", "ubuntu-3f2a"))) {
      boolean told = false;
      while (write.position() < 1L << 30) {
        write.append(ByteBuffer.allocate(1 << 20));
        if (!told && write.checkpoint() > 0) {
          System.out.println(write.token().orElseThrow());
          told = true;
        }
      }
    }
  }
}
