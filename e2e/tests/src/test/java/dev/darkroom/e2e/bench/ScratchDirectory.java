package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory, deleted on close and at the end of the process, also after a signal. */
final class ScratchDirectory implements AutoCloseable {

  private final Path root;
  private final Thread atExit = new Thread(this::remove, "scratch-removal");

  private ScratchDirectory(Path root) {
    this.root = root;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static ScratchDirectory in(Path directory) throws IOException {
    return new ScratchDirectory(Files.createTempDirectory(directory, "darkroom-bench-"));
  }

  /** A subdirectory; created if needed. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private void remove() {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
