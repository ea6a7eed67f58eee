package dev.darkroom.e2e.conformance;

import dev.darkroom.store.BlobStore;
import dev.darkroom.store.filesystem.FilesystemStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A filesystem store, with direct access to its directory. */
final class DirectoryStore implements StoreUnderTest {

  /** The directory of unpublished files, by the store's documentation. */
  private static final String UNPUBLISHED = ".partial";

  private final Path directory;
  private final BlobStore sound;
  private final BlobStore store;

  private DirectoryStore(Path directory, BlobStore sound, BlobStore store) {
    this.directory = directory;
    this.sound = sound;
    this.store = store;
  }

  /**
   * Opens a store; creates the directory if needed.
   *
   * @param fault wraps the store for imports
   */
  static DirectoryStore in(Path directory, UnaryOperator<BlobStore> fault) throws IOException {
    BlobStore sound = FilesystemStore.open(Files.createDirectories(directory));
    return new DirectoryStore(directory, sound, fault.apply(sound));
  }

  Path directory() {
    return directory;
  }

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public BlobStore sound() {
    return sound;
  }

  @Override
  public long leftBehind() throws IOException {
    Path unpublished = directory.resolve(UNPUBLISHED);
    if (!Files.isDirectory(unpublished)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(unpublished)) {
      return files.filter(Files::isRegularFile).mapToLong(DirectoryStore::size).sum();
    }
  }

  @Override
  public void close() {
    store.close();
    sound.close();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
