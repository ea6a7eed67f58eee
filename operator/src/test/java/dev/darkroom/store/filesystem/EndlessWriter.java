package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A program that writes a blob until it is killed; says so on its output once it has begun. */
final class EndlessWriter {

  private static final long LIMIT = 1L << 30;

  private EndlessWriter() {}

  /** Arguments: the root, the key. */
  public static void main(String[] arguments) throws IOException {
    FilesystemStore store = FilesystemStore.open(Path.of(arguments[0]));
    ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
    try (BlobWrite write = store.open(new BlobKey(arguments[1]))) {
      write.append(bytes.clear());
      System.out.println("writing");
      while (write.position() < LIMIT) {
        write.append(bytes.clear());
      }
      System.in.read();
    }
  }
}
