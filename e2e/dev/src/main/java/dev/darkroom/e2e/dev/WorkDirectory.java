package dev.darkroom.e2e.dev;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The working directory. A marker file identifies the program's own directory; without it only an
 * empty directory is accepted, so that no other files are overwritten. The marker is locked while
 * the program runs, so that two processes do not share a directory.
 */
final class WorkDirectory implements AutoCloseable {

  private static final String MARKER = ".darkroom-dev";
  private static final String EXPLANATION =
      "darkroom-dev uses this directory and overwrites its files.\n";

  private final Path root;
  private final FileChannel marker;

  private WorkDirectory(Path root, FileChannel marker) {
    this.root = root;
    this.marker = marker;
  }

  /**
   * Opens the directory; creates it if needed.
   *
   * @throws InputException if the directory belongs to other files or to another process
   */
  static WorkDirectory open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      requireOwnOrEmpty(root);
      FileChannel marker =
          FileChannel.open(
              root.resolve(MARKER), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(marker)) {
        marker.close();
        throw new InputException(
            "Another darkroom-dev uses " + root + "; set another directory with --dir.");
      }
      // Through the same channel: POSIX releases a process's lock when it closes any channel of the
      // file.
      marker.write(StandardCharsets.UTF_8.encode(EXPLANATION), 0);
      return new WorkDirectory(root, marker);
    } catch (FileAlreadyExistsException e) {
      throw new InputException(root + " is not a directory; set another with --dir.", e);
    } catch (IOException e) {
      throw new InputException("Cannot use " + root + ": " + Sentences.of(e), e);
    }
  }

  private static void requireOwnOrEmpty(Path root) throws IOException {
    if (Files.exists(root.resolve(MARKER))) {
      return;
    }
    try (Stream<Path> entries = Files.list(root)) {
      Optional<Path> found = entries.findFirst();
      if (found.isPresent()) {
        throw new InputException(
            root
                + " contains other files ("
                + found.get().getFileName()
                + "); set another directory with --dir.");
      }
    }
  }

  private static boolean isLocked(FileChannel marker) throws IOException {
    try {
      FileLock lock = marker.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The absolute path of the directory. */
  Path root() {
    return root;
  }

  /** The kubeconfig for {@code kubectl}. */
  Path kubeconfig() {
    return root.resolve("kubeconfig");
  }

  /** The log of the operator. */
  Path log() {
    return root.resolve("darkroom.log");
  }

  /**
   * Creates the directory of the store, if needed.
   *
   * @throws InputException if a file of its name exists
   */
  Path store() {
    return directory("store");
  }

  /** Creates the directory for conversions and resumable imports, if needed. */
  Path staging() {
    return directory("staging");
  }

  /** Creates the directory of the web server, if needed. */
  Path web() {
    return directory("web");
  }

  /** Creates the directory of the applied manifests, if needed. */
  Path samples() {
    return directory("samples");
  }

  private Path directory(String name) {
    Path path = root.resolve(name);
    try {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new InputException(
            path + " is not a directory; darkroom-dev needs a directory of this name.");
      }
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new InputException("Cannot create " + path + ": " + Sentences.of(e), e);
    }
  }

  /** Releases the directory for other programs. */
  @Override
  public void close() throws IOException {
    marker.close();
  }
}
