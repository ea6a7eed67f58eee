package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of our own that is gone afterwards, also when the run is cut off by a signal. */
final class Scratch implements AutoCloseable {

  private final Path root;
  private final Thread atExit = new Thread(this::remove, "scratch-removal");

  private Scratch(Path root) {
    this.root = root;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static Scratch in(Path directory) throws IOException {
    return new Scratch(Files.createTempDirectory(directory, "darkroom-bench-"));
  }

  /** The directory of that name in it, made where it is not there. */
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
