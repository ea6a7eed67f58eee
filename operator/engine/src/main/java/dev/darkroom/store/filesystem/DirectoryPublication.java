package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes and withdraws a blob's directory, by one rename each. A rename onto a directory that is
 * not empty fails (POSIX rename(), ENOTEMPTY or EEXIST): this makes a publication exclusive,
 * between processes too, without a lock.
 */
final class DirectoryPublication {

  /**
   * The most tries: a delete of the last other blob may prune the parent just before the rename.
   */
  private static final int TRIES = 20;

  private final StoreRoot root;
  private final Partials partials;

  DirectoryPublication(StoreRoot root, Partials partials) {
    this.root = root;
    this.partials = partials;
  }

  /**
   * Requires that a blob can be published under the key now.
   *
   * @throws StoreException {@code ALREADY_EXISTS} when the key is taken, also by a blob whose key
   *     is a leading path of this one or the reverse
   */
  void requireFree(BlobKey key) throws IOException {
    root.requirePresent();
    for (Path directory : pathTo(key)) {
      try {
        Directories.requireDirectory(directory);
      } catch (NoSuchFileException e) {
        return;
      }
      requireNoBlob(directory, key);
    }
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(root.resolve(key))) {
      if (inside.iterator().hasNext()) {
        throw new StoreException(Kind.ALREADY_EXISTS, key + " is taken by " + root.resolve(key));
      }
    } catch (NoSuchFileException e) {
      // Deleted since, so the key is free.
    }
  }

  /** Publishes a finished partial directory, durably. */
  void publish(Path partial, BlobKey key) throws IOException {
    rename(partial, key);
    try {
      Directories.sync(root.resolve(key).getParent());
      requireNoBlobAbove(key);
    } catch (IOException e) {
      try {
        withdraw(key);
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  private void rename(Path partial, BlobKey key) throws IOException {
    Path target = root.resolve(key);
    for (int i = 1; ; i++) {
      requireFree(key);
      try {
        Directories.create(root.path(), target.getParent());
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (IOException e) {
        // Another writer may have been first; file systems report that in different ways.
        requireFree(key);
        if (i == TRIES || !(e instanceof NoSuchFileException)) {
          Directories.prune(root.path(), target.getParent());
          throw e;
        }
      }
    }
  }

  /** Throws if another writer has published {@code a} since the parent of {@code a/b} was made. */
  private void requireNoBlobAbove(BlobKey key) throws IOException {
    List<Path> path = pathTo(key);
    for (Path directory : path.subList(0, path.size() - 1)) {
      requireNoBlob(directory, key);
    }
  }

  /**
   * Withdraws a blob, sound or corrupt, and removes it.
   *
   * @return false when there was no blob
   */
  boolean withdraw(BlobKey key) throws IOException {
    Path target = root.resolve(key);
    if (!root.isRealDirectory(target) || !FileBlobRecord.isBlob(target)) {
      return false;
    }
    return IoThreads.finish(() -> withdrawNow(target, key));
  }

  private boolean withdrawNow(Path target, BlobKey key) throws IOException {
    Path away = partials.fresh(key);
    try {
      Files.move(target, away, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    Directories.prune(root.path(), target.getParent());
    Directories.deleteTree(away);
    return true;
  }

  private void requireNoBlob(Path directory, BlobKey key) throws StoreException {
    if (FileBlobRecord.isBlob(directory)) {
      throw new StoreException(
          Kind.ALREADY_EXISTS,
          directory.equals(root.resolve(key))
              ? key + " exists already"
              : key + " is taken by a blob in " + directory);
    }
  }

  /** Returns the directories from the root, exclusive, to the key's own. */
  private List<Path> pathTo(BlobKey key) {
    List<Path> path = new ArrayList<>();
    Path at = root.path();
    for (Path segment : root.path().relativize(root.resolve(key))) {
      at = at.resolve(segment);
      path.add(at);
    }
    return path;
  }
}
