package dev.darkroom.store.filesystem;

import dev.darkroom.store.Blob;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** A range of a blob's content file; that the file ends before the range does is an error. */
final class RangeChannel implements ReadableByteChannel {

  private final Blob blob;
  private final FileChannel file;
  private final Root root;
  private long position;
  private long remaining;

  RangeChannel(Blob blob, FileChannel file, long offset, long length, Root root) {
    this.blob = blob;
    this.file = file;
    this.root = root;
    this.position = offset;
    this.remaining = length;
  }

  @Override
  public int read(ByteBuffer into) throws StoreException {
    if (remaining == 0) {
      return -1;
    }
    int limit = into.limit();
    try {
      if (into.remaining() > remaining) {
        into.limit(into.position() + (int) remaining);
      }
      int count = file.read(into, position);
      if (count < 0) {
        throw new StoreException(
            Kind.CORRUPT,
            "%s ends after %,d of %,d bytes".formatted(blob.key(), position, blob.size()));
      }
      position += count;
      remaining -= count;
      return count;
    } catch (IOException e) {
      throw root.fault("read " + blob.key(), e);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
