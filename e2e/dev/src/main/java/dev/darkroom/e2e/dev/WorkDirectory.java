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
 * The directory that the program works in. A mark in it says that it is the program's own; without
 * the mark only a directory with nothing in it is taken, so that nobody's files are overwritten.
 * The mark is locked while the program runs, so that two do not share one directory.
 */
final class WorkDirectory implements AutoCloseable {

  private static final String MARK = ".darkroom-dev";
  private static final String EXPLANATION =
      "darkroom-dev works in this directory and writes over what is in it.\n";

  private final Path root;
  private final FileChannel mark;

  private WorkDirectory(Path root, FileChannel mark) {
    this.root = root;
    this.mark = mark;
  }

  /**
   * Opens the directory, and makes it if there is none.
   *
   * @throws InputException when it is not the program's, or another one works in it
   */
  static WorkDirectory open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      requireOwnOrEmpty(root);
      FileChannel mark =
          FileChannel.open(root.resolve(MARK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(mark)) {
        mark.close();
        throw new InputException(
            "Another darkroom-dev works in " + root + "; name another directory with --dir.");
      }
      // Through the same channel: POSIX drops a process's lock when it closes any other.
      mark.write(StandardCharsets.UTF_8.encode(EXPLANATION), 0);
      return new WorkDirectory(root, mark);
    } catch (FileAlreadyExistsException e) {
      throw new InputException(root + " is not a directory; name another with --dir.", e);
    } catch (IOException e) {
      throw new InputException("Can't work in " + root + ": " + Sentences.of(e), e);
    }
  }

  private static void requireOwnOrEmpty(Path root) throws IOException {
    if (Files.exists(root.resolve(MARK))) {
      return;
    }
    try (Stream<Path> entries = Files.list(root)) {
      Optional<Path> found = entries.findFirst();
      if (found.isPresent()) {
        throw new InputException(
            root
                + " has other things in it ("
                + found.get().getFileName()
                + "); name another directory with --dir.");
      }
    }
  }

  private static boolean isLocked(FileChannel mark) throws IOException {
    try {
      FileLock lock = mark.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The directory itself, absolute. */
  Path root() {
    return root;
  }

  /** Where {@code kubectl} learns how to reach the API server. */
  Path kubeconfig() {
    return root.resolve("kubeconfig");
  }

  /** Where the operator's log goes. */
  Path log() {
    return root.resolve("darkroom.log");
  }

  /**
   * The directory of the store; there after this call.
   *
   * @throws InputException when something else stands in its place
   */
  Path store() {
    return directory("store");
  }

  /** Where disks are converted, and imports keep what they need to go on; there after this call. */
  Path staging() {
    return directory("staging");
  }

  /** The directory of the web server; there after this call. */
  Path web() {
    return directory("web");
  }

  /** The directory with the manifests as they are applied; there after this call. */
  Path samples() {
    return directory("samples");
  }

  private Path directory(String name) {
    Path path = root.resolve(name);
    try {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new InputException(path + " is in the way; darkroom-dev makes a directory there.");
      }
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new InputException("Can't make " + path + ": " + Sentences.of(e), e);
    }
  }

  /** Lets another program have the directory. */
  @Override
  public void close() throws IOException {
    mark.close();
  }
}
