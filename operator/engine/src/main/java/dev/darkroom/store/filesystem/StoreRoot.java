package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The root directory of a store: resolves keys, checks that the directory is still the one that was
 * opened, and maps {@link IOException}s to failures. Immutable.
 *
 * @param path the real path, symbolic links resolved
 * @param device the file system at the time of the opening
 */
record StoreRoot(Path path, long device) {

  /** With less free space than this, a failed write counts as a full disk. */
  private static final long NO_ROOM = 64 * 1024;

  static StoreRoot open(Path directory) throws StoreException {
    try {
      Path real = directory.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new StoreException(Kind.UNAVAILABLE, directory + " is not a directory");
      }
      return new StoreRoot(real, deviceOf(real));
    } catch (NoSuchFileException e) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          "the directory " + directory + " does not exist; is its volume mounted?",
          e);
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreException(Kind.UNAVAILABLE, "can't open " + directory + ": " + sentence(e), e);
    }
  }

  /** Returns the path of the key's directory, existing or not. */
  Path resolve(BlobKey key) {
    return path.resolve(key.value());
  }

  /**
   * Requires that the root exists and that its volume is mounted: an empty mount point must not be
   * read as "no blobs", nor be written to.
   */
  void requirePresent() throws StoreException {
    try {
      if (Files.isDirectory(path) && deviceOf(path) == device) {
        return;
      }
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNAVAILABLE, "the store's directory " + path + " is gone: " + sentence(e), e);
    }
    throw new StoreException(
        Kind.UNAVAILABLE, "the store's directory " + path + " is gone; was its volume unmounted?");
  }

  /** Returns whether the path is a directory, without a symbolic link between it and the root. */
  boolean isRealDirectory(Path below) throws StoreException {
    requirePresent();
    Path at = path;
    for (Path segment : path.relativize(below)) {
      at = at.resolve(segment);
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Maps an exception to a failure of the store.
   *
   * @param what the operation that failed, to follow "can't"
   */
  StoreException failure(String what, IOException e) {
    if (e instanceof StoreException already) {
      return already;
    }
    try {
      requirePresent();
    } catch (StoreException gone) {
      gone.addSuppressed(e);
      return gone;
    }
    return new StoreException(kindOf(e), "can't " + what + " in " + path + ": " + sentence(e), e);
  }

  private Kind kindOf(IOException e) {
    if (e instanceof ClosedChannelException || e instanceof NoSuchFileException) {
      return Kind.UNAVAILABLE;
    }
    if (e instanceof AccessDeniedException) {
      return Kind.READ_ONLY;
    }
    // The JDK has no types for errno values, only the text of the C library.
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return Kind.FULL;
    }
    if (text.contains("read-only file system") || text.contains("operation not permitted")) {
      return Kind.READ_ONLY;
    }
    return hasRoom() ? Kind.UNAVAILABLE : Kind.FULL;
  }

  /** Detects a full disk when the messages of the C library are not English. */
  private boolean hasRoom() {
    try {
      FileStore volume = Files.getFileStore(path);
      return volume.getTotalSpace() == 0 || volume.getUsableSpace() >= NO_ROOM;
    } catch (IOException e) {
      return true;
    }
  }

  private static String sentence(IOException e) {
    if (e instanceof ClosedChannelException) {
      return "the thread was interrupted";
    }
    if (e instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is missing";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason() + " (" + f.getFile() + ")";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static long deviceOf(Path directory) throws IOException {
    return ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
  }
}
