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
 * The directory a store lives in: where keys lead, whether it is still the directory that was
 * opened, and what an {@link IOException} below it means. Immutable.
 *
 * @param path the real path, symbolic links resolved
 * @param device the file system it was on when the store was opened
 */
record StoreRoot(Path path, long device) {

  /** Less than this much room, and a failed write is taken for a full disk. */
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

  /** Where the key's directory is, whether it exists or not. */
  Path resolve(BlobKey key) {
    return path.resolve(key.value());
  }

  /**
   * Fails when the root is gone, or when its volume was unmounted and only the mount point is left:
   * an empty directory must not be read as "no blobs", nor be written to.
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

  /**
   * Whether there is a directory, and none of those that lead to it from the root is a symbolic
   * link.
   */
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
   * What a failure means to the store's user.
   *
   * @param what the work that failed, to follow "can't"
   */
  StoreException fault(String what, IOException e) {
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
    // The JDK hands errno over as the C library's text only, for which it has no types.
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return Kind.FULL;
    }
    if (text.contains("read-only file system") || text.contains("operation not permitted")) {
      return Kind.READ_ONLY;
    }
    return hasRoom() ? Kind.UNAVAILABLE : Kind.FULL;
  }

  /** For C libraries that speak another language than English. */
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
      return "the work was interrupted";
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
