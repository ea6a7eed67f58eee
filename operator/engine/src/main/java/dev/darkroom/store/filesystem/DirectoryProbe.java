package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * Takes the way of a blob with a few bytes: partial directory, sync, rename into the root, read
 * back, rename away, remove. In the root it has a name that can't be a key, so that nobody sees it.
 */
final class DirectoryProbe {

  /** What its directory in the root is called, before a random part. */
  static final String PREFIX = ".probe-";

  private static final BlobKey KEY = BlobKey.of("probe");

  private final StoreRoot root;
  private final Partials partials;

  DirectoryProbe(StoreRoot root, Partials partials) {
    this.root = root;
    this.partials = partials;
  }

  void run() throws IOException {
    IoThreads.finish(
        () -> {
          writeAndReadBack();
          return null;
        });
  }

  private void writeAndReadBack() throws IOException {
    byte[] bytes = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    Path published = root.path().resolve(PREFIX + UUID.randomUUID());
    Partials.Partial partial = partials.create(KEY);
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        partial.content().write(buffer);
      }
      partial.content().force(true);
      Files.move(partial.directory(), published, StandardCopyOption.ATOMIC_MOVE);
      Directories.sync(root.path());
      byte[] found = Files.readAllBytes(published.resolve(FileBlobRecord.CONTENT));
      if (!Arrays.equals(bytes, found)) {
        throw new StoreException(
            Kind.CORRUPT, "the store in " + root.path() + " gives back other bytes than written");
      }
      Files.move(published, partial.directory(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      partial.discard();
      Directories.deleteTree(published);
    }
  }
}
