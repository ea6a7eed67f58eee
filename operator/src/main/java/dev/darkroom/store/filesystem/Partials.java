package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The {@code .partial} directory: where blobs are before they are published and after they are
 * withdrawn. Its entries are named after the key, for people, and by a random number.
 *
 * <p>A write in progress is told from a leftover in two ways: those of this process are in a
 * register, those of other processes hold a lock on their content file, which the kernel drops when
 * the process dies. (Taking the lock to find out would not do within one process: POSIX drops all
 * of a process's locks on a file when it closes any descriptor of it.)
 */
final class Partials {

  /** The directory's name, which can't be a key. */
  static final String NAME = ".partial";

  private static final int TRIES = 10;
  private static final int READABLE_LENGTH = 200;

  /** Of all stores of this process, since two may share a root. */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final Root root;

  Partials(Root root) {
    this.root = root;
  }

  /** One write's directory, with its content file open and locked. */
  record Partial(Path directory, FileChannel content) {

    /** Lets go of it: the directory is now published, or a leftover. */
    void release() throws IOException {
      try {
        content.close();
      } finally {
        OPEN_HERE.remove(directory);
      }
    }

    /** Lets go of it and removes it. */
    void discard() throws IOException {
      try {
        content.close();
        Directories.deleteTree(directory);
      } finally {
        OPEN_HERE.remove(directory);
      }
    }
  }

  /** Makes sure, by writing to it, that the directory can be used. */
  void check() throws IOException {
    Path trial = fresh("check");
    Files.createDirectory(trial);
    Directories.deleteTree(trial);
  }

  /** A path for a new entry. Creates the directory when it is not there. */
  Path fresh(String name) throws IOException {
    root.requirePresent();
    Path all = root.path().resolve(NAME);
    if (!Files.isDirectory(all, LinkOption.NOFOLLOW_LINKS)) {
      Directories.create(root.path(), all);
    }
    String readable = name.replace('/', '+');
    if (readable.length() > READABLE_LENGTH) {
      readable = readable.substring(0, READABLE_LENGTH);
    }
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return all.resolve(readable + "." + random);
  }

  /** Begins a write. */
  Partial create(BlobKey key) throws IOException {
    for (int i = 1; ; i++) {
      Path directory = fresh(key.value());
      OPEN_HERE.add(directory);
      try {
        Files.createDirectory(directory);
        FileChannel content = createLocked(directory.resolve(BlobRecord.CONTENT));
        return new Partial(directory, content);
      } catch (NoSuchFileException e) {
        // Another process swept the directory before the lock was on it.
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
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (isLockedElsewhere(content) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      content.close();
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  /** Removes the leftovers but those of the names; returns how many. */
  int sweep(Set<String> keep) throws IOException {
    root.requirePresent();
    int removed = 0;
    for (Path entry : entries()) {
      if (!OPEN_HERE.contains(entry)
          && !keep.contains(entry.getFileName().toString())
          && removeUnlessLocked(entry)) {
        removed++;
      }
    }
    return removed;
  }

  private List<Path> entries() throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.path().resolve(NAME))) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException e) {
      // Nothing was ever written.
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.path(), Probe.PREFIX + "*")) {
      stream.forEach(entries::add);
    }
    return entries;
  }

  private static boolean removeUnlessLocked(Path entry) throws IOException {
    Path content = entry.resolve(BlobRecord.CONTENT);
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

  /** Takes the lock, which lasts until the channel is closed, unless somebody else has it. */
  private static boolean isLockedElsewhere(FileChannel channel) {
    try {
      return channel.tryLock() == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      // A file system without locks: then only the writes of this process are known.
      return false;
    }
  }
}
