package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@code .partial} directory: unpublished writes and withdrawn blobs. Each entry has a {@link
 * PartialName}.
 *
 * <p>Open writes are distinguished from leftovers in two ways. A register has those of this
 * process; those of other processes hold a lock on their content file, which the kernel drops when
 * the process dies. (A lock does not work within one process: POSIX drops all of a process's locks
 * on a file when it closes any descriptor of it.)
 */
final class Partials {

  /** The name of the directory, which is not a valid key. */
  static final String NAME = ".partial";

  private static final int TRIES = 10;
  private static final BlobKey CHECK = BlobKey.of("check");

  /** The open writes of all stores of this process, since two may share a root. */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final StoreRoot root;

  Partials(StoreRoot root) {
    this.root = root;
  }

  /** The directory of one write, with its content file open for reading and writing, and locked. */
  record Partial(Path directory, FileChannel content) {

    /**
     * Truncates the file to at most so many bytes and makes those durable; releases the entry when
     * that fails.
     *
     * @return the length of the file
     */
    long cut(long atMost) throws IOException {
      try {
        content.truncate(atMost).force(true);
        return content.size();
      } catch (IOException e) {
        release();
        throw e;
      }
    }

    /** Makes the directory entries of the file durable. */
    void sync() throws IOException {
      Directories.sync(directory);
      Directories.sync(directory.getParent());
    }

    /** Releases the entry: the directory is published, or a leftover. */
    void release() throws IOException {
      try {
        content.close();
      } finally {
        OPEN_HERE.remove(directory);
      }
    }

    /** Releases the entry and removes it. */
    void discard() throws IOException {
      try {
        content.close();
        Directories.deleteTree(directory);
      } finally {
        OPEN_HERE.remove(directory);
      }
    }
  }

  /** Checks, by a write, that the directory can be used. */
  void check() throws IOException {
    Path trial = fresh(CHECK);
    Files.createDirectory(trial);
    Directories.deleteTree(trial);
  }

  /** Returns a path for a new entry of that key. Creates the directory if it does not exist. */
  Path fresh(BlobKey key) throws IOException {
    root.requirePresent();
    Path all = root.path().resolve(NAME);
    if (!Files.isDirectory(all, LinkOption.NOFOLLOW_LINKS)) {
      Directories.create(root.path(), all);
    }
    return all.resolve(PartialName.fresh(key));
  }

  /** Creates the entry of a new write. */
  Partial create(BlobKey key) throws IOException {
    for (int i = 1; ; i++) {
      Path directory = fresh(key);
      OPEN_HERE.add(directory);
      try {
        Files.createDirectory(directory);
        FileChannel content = createLocked(directory.resolve(FileBlobRecord.CONTENT));
        return new Partial(directory, content);
      } catch (NoSuchFileException e) {
        // Another process swept the directory before it was locked.
        OPEN_HERE.remove(directory);
        if (i == TRIES) {
          throw e;
        }
      } catch (IOException e) {
        OPEN_HERE.remove(directory);
        Directories.deleteTree(directory);
        throw e;
      }
    }
  }

  private static FileChannel createLocked(Path file) throws IOException {
    FileChannel content =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (isLockedElsewhere(content) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      content.close();
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  /**
   * Opens the entry of a released write.
   *
   * @return empty when there is no entry of that name, or it belongs to another key
   * @throws StoreException {@code UNAVAILABLE} when the write is open elsewhere
   */
  Optional<Partial> resume(BlobKey key, String name) throws IOException {
    if (!PartialName.isOf(key, name)) {
      return Optional.empty();
    }
    Path directory = root.path().resolve(NAME).resolve(name);
    if (!root.isRealDirectory(directory)) {
      return Optional.empty();
    }
    if (!OPEN_HERE.add(directory)) {
      throw openElsewhere(key);
    }
    try {
      FileChannel content = openLocked(key, directory.resolve(FileBlobRecord.CONTENT));
      // The process may have died just before the publication.
      Files.deleteIfExists(directory.resolve(FileBlobRecord.RECORD));
      return Optional.of(new Partial(directory, content));
    } catch (NoSuchFileException e) {
      OPEN_HERE.remove(directory);
      return Optional.empty();
    } catch (IOException e) {
      OPEN_HERE.remove(directory);
      throw e;
    }
  }

  private static FileChannel openLocked(BlobKey key, Path file) throws IOException {
    FileChannel content =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    boolean taken = isLockedElsewhere(content);
    if (taken || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      content.close();
      throw taken ? openElsewhere(key) : new NoSuchFileException(file.toString());
    }
    return content;
  }

  private static StoreException openElsewhere(BlobKey key) {
    return new StoreException(Kind.UNAVAILABLE, "the write of " + key + " is open elsewhere");
  }

  /** Removes the leftovers except the given names; returns how many. */
  int sweep(Set<String> keep) throws IOException {
    root.requirePresent();
    int removed = 0;
    for (Path entry : entries()) {
      if (!keep.contains(entry.getFileName().toString()) && removeUnlessOpen(entry)) {
        removed++;
      }
    }
    return removed;
  }

  /** Registers the entry during the removal, so that no write of this process opens it. */
  private static boolean removeUnlessOpen(Path entry) throws IOException {
    if (!OPEN_HERE.add(entry)) {
      return false;
    }
    try {
      return removeUnlessLocked(entry);
    } finally {
      OPEN_HERE.remove(entry);
    }
  }

  private List<Path> entries() throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.path().resolve(NAME))) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      // There was no write yet.
    }
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(root.path(), DirectoryProbe.PREFIX + "*")) {
      stream.forEach(entries::add);
    }
    return entries;
  }

  private static boolean removeUnlessLocked(Path entry) throws IOException {
    Path content = entry.resolve(FileBlobRecord.CONTENT);
    if (!Files.isRegularFile(content, LinkOption.NOFOLLOW_LINKS)) {
      Directories.deleteTree(entry);
      return true;
    }
    try (FileChannel channel =
        FileChannel.open(content, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (isLockedElsewhere(channel)) {
        return false;
      }
      Directories.deleteTree(entry);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Takes the lock, which lasts until the channel is closed; false when another process holds it.
   */
  private static boolean isLockedElsewhere(FileChannel channel) {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      // The file system has no locks: then only the writes of this process are known.
      return false;
    }
  }
}
