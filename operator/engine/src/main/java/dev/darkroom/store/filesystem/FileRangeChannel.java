package dev.darkroom.store.filesystem;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** A range of a content file. A file that ends before the range does is an error. */
final class FileRangeChannel implements ReadableByteChannel {

  private final BlobKey key;
  private final StoreRoot root;
  private final FileChannel file;
  private final Closeable atClose;
  private final long end;
  private long position;
  private boolean open = true;

  private FileRangeChannel(
      BlobKey key, StoreRoot root, FileChannel file, Closeable atClose, long offset, long end) {
    this.key = key;
    this.root = root;
    this.file = file;
    this.atClose = atClose;
    this.position = offset;
    this.end = end;
  }

  /**
   * Opens the range from the offset to the end, both from the file's first byte; closes the file.
   */
  static FileRangeChannel closing(
      FileChannel file, BlobKey key, StoreRoot root, long offset, long end) {
    return new FileRangeChannel(key, root, file, file, offset, end);
  }

  /** Opens the range without closing the file, which belongs to the caller. */
  static FileRangeChannel borrowing(
      FileChannel file, BlobKey key, StoreRoot root, long offset, long end) {
    return new FileRangeChannel(key, root, file, () -> {}, offset, end);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
    if (position == end) {
      return -1;
    }
    int limit = into.limit();
    try {
      if (into.remaining() > end - position) {
        into.limit(into.position() + (int) (end - position));
      }
      int count = file.read(into, position);
      if (count < 0) {
        throw new StoreException(
            Kind.CORRUPT,
            "%s ends after %,d bytes instead of at least %,d".formatted(key, position, end));
      }
      position += count;
      return count;
    } catch (IOException e) {
      throw root.failure("read " + key, e);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return open && file.isOpen();
  }

  @Override
  public void close() throws IOException {
    open = false;
    atClose.close();
  }
}
