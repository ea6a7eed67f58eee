package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.io.IoThreads;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A {@link BlobStore} in a directory, local or shared. The blob {@code lab/ubuntu-3f2a} is the
 * directory of that name below the root, with the bytes in {@code disk} and the record in {@code
 * disk.json}. Long runs of zeros use no disk space, where the file system supports holes.
 * Unpublished writes and blobs that are being removed are in {@code .partial}. A blob appears and
 * disappears by one rename of its directory. It is on the disk, with every directory entry of its
 * path, when {@link BlobWrite#commit} returns.
 *
 * <p>Several processes may use the same root at the same time; a write locks its partial file, so
 * that the {@link #sweep} of another process spares it. Since a blob is a directory, a key that is
 * a leading path of another ({@code a} and {@code a/b}) counts as taken.
 *
 * <p>Symbolic links below the root are never followed. The root must stay on the file system on
 * which the store was opened: when a volume is unmounted under a running process, the store is
 * {@code UNAVAILABLE} and writes nothing to the directory underneath; after a remount, open it
 * again.
 */
public final class FilesystemStore implements BlobStore {

  private final StoreRoot root;
  private final Partials partials;
  private final DirectoryPublication publication;

  private FilesystemStore(StoreRoot root, Partials partials) {
    this.root = root;
    this.partials = partials;
    this.publication = new DirectoryPublication(root, partials);
  }

  /**
   * Opens the store in an existing directory. Never creates the root, so that an unmounted volume
   * does not turn into a directory on the disk beneath.
   *
   * @throws StoreException {@code UNAVAILABLE} when there is no such directory, {@code READ_ONLY}
   *     when it is not writable, {@code FULL} when not even a directory entry fits
   */
  public static FilesystemStore open(Path directory) throws StoreException {
    StoreRoot root = StoreRoot.open(directory);
    Partials partials = new Partials(root);
    try {
      partials.check();
    } catch (IOException e) {
      throw root.failure("open the store", e);
    }
    return new FilesystemStore(root, partials);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.RANGE, Capability.RESUME);
  }

  @Override
  public BlobWrite open(BlobKey key) throws StoreException {
    try {
      publication.requireFree(key);
      return new FilesystemWrite(key, root, partials.create(key), publication, 0);
    } catch (IOException e) {
      throw root.failure("write " + key, e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The token is the name of the write's directory in {@code .partial}. The position is the
   * length of its file. That is all appended bytes when only the process died (but zeros at the end
   * may be missing). When the machine went down, the file may be longer than the bytes on the disk:
   * bytes behind the last {@link BlobWrite#checkpoint} may be wrong.
   */
  @Override
  public Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    if (atMost < 0) {
      throw new IllegalArgumentException("the limit is negative: " + atMost);
    }
    try {
      publication.requireFree(key);
      Optional<Partials.Partial> found = partials.resume(key, token);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Partials.Partial partial = found.get();
      long length = IoThreads.finish(() -> partial.cut(atMost));
      return Optional.of(new FilesystemWrite(key, root, partial, publication, length));
    } catch (IOException e) {
      throw root.failure("resume the write of " + key, e);
    }
  }

  @Override
  public ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset or length is negative: " + offset + ", " + length);
    }
    Blob blob = stat(key).orElseThrow(() -> missing(key));
    if (offset > blob.size()) {
      throw new IllegalArgumentException(
          "offset " + offset + " is past the " + blob.size() + " bytes of " + key);
    }
    try {
      FileChannel disk =
          FileChannel.open(
              root.resolve(key).resolve(FileBlobRecord.CONTENT),
              StandardOpenOption.READ,
              LinkOption.NOFOLLOW_LINKS);
      long end = offset + Math.min(length, blob.size() - offset);
      return FileRangeChannel.closing(disk, key, root, offset, end);
    } catch (NoSuchFileException e) {
      throw missing(key);
    } catch (IOException e) {
      throw root.failure("read " + key, e);
    }
  }

  @Override
  public Optional<Blob> stat(BlobKey key) throws StoreException {
    try {
      Path directory = root.resolve(key);
      if (!root.isRealDirectory(directory) || !FileBlobRecord.isBlob(directory)) {
        return Optional.empty();
      }
      Blob blob = FileBlobRecord.read(directory, key);
      FileBlobRecord.checkContent(directory, blob);
      return Optional.of(blob);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw root.failure("read the record of " + key, e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Omits a directory whose record is invalid; {@link #stat} reports the reason. Sizes are those
   * of the records, not compared with the files.
   */
  @Override
  public Stream<Blob> list(String prefix) throws StoreException {
    root.requirePresent();
    return DirectoryListing.of(root, prefix);
  }

  @Override
  public boolean delete(BlobKey key) throws StoreException {
    try {
      return publication.withdraw(key);
    } catch (IOException e) {
      throw root.failure("delete " + key, e);
    }
  }

  @Override
  public int sweep(Set<String> keep) throws StoreException {
    try {
      return partials.sweep(keep);
    } catch (IOException e) {
      throw root.failure("sweep " + Partials.NAME, e);
    }
  }

  @Override
  public Headroom probe() throws StoreException {
    try {
      new DirectoryProbe(root, partials).run();
      return new Headroom(OptionalLong.of(Files.getFileStore(root.path()).getUsableSpace()));
    } catch (IOException e) {
      throw root.failure("use the store", e);
    }
  }

  /** Does nothing: open writes and reads stay usable. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "filesystem store " + root.path();
  }

  private StoreException missing(BlobKey key) {
    return new StoreException(Kind.NOT_FOUND, "no blob " + key + " in " + root.path());
  }
}
