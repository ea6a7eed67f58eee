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
 * Does with a few bytes what happens to a blob: partial directory, sync, rename into the root,
 * read, rename away, remove. Its name in the root is not a valid key, so that no reader sees it.
 */
final class DirectoryProbe {

  /** The name of its directory in the root, before a random part. */
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
            Kind.CORRUPT, "the store in " + root.path() + " returns other bytes than were written");
      }
      Files.move(published, partial.directory(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      partial.discard();
      Directories.deleteTree(published);
    }
  }
}
