package dev.darkroom.store.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Directory operations that survive a power cut and tolerate other processes in the same
 * directories.
 */
final class Directories {

  private Directories() {}

  /** Makes the entries of a directory durable. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Creates the directories from the root (which must exist) down to one below it, each durably.
   *
   * @throws NoSuchFileException when another process pruned one of them: the caller retries
   * @throws IOException when a file or a symbolic link exists in place of a directory
   */
  static void create(Path root, Path below) throws IOException {
    Path at = root;
    for (Path segment : root.relativize(below)) {
      Path parent = at;
      at = at.resolve(segment);
      try {
        Files.createDirectory(at);
      } catch (FileAlreadyExistsException e) {
        requireDirectory(at);
      }
      // Existing directories are synced too: their creator may not have synced them yet.
      sync(parent);
    }
  }

  /**
   * Requires a directory, in one system call: between two calls it may come or go.
   *
   * @throws NoSuchFileException when there is no entry
   * @throws IOException when the entry is a file or a symbolic link
   */
  static void requireDirectory(Path path) throws IOException {
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isDirectory()) {
      throw new IOException(path + " exists and is not a directory");
    }
  }

  /** Removes the directory and its parents below the root, while they are empty. */
  static void prune(Path root, Path directory) throws IOException {
    Path at = directory;
    while (!at.equals(root)) {
      try {
        Files.deleteIfExists(at);
      } catch (DirectoryNotEmptyException e) {
        break;
      }
      at = at.getParent();
    }
    try {
      sync(at);
    } catch (NoSuchFileException e) {
      // Another process pruned more.
    }
  }

  /** Removes a file or a whole directory; symbolic links are removed, not followed. */
  static void deleteTree(Path start) throws IOException {
    try {
      Files.walkFileTree(start, new Removal());
    } catch (NoSuchFileException e) {
      // Another process removed the entry already.
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
