package dev.darkroom.store.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Bytes in memory for one request and its retries, in chunks of {@link PartMemory}. One thread
 * fills the part; then one thread reads it.
 */
final class UploadPart {

  private final PartMemory.Lease memory;
  private final long capacity;
  private final List<byte[]> chunks = new ArrayList<>();
  private long size;

  /** Makes an empty part for at most so many bytes. */
  UploadPart(PartMemory.Lease memory, long capacity) {
    this.memory = memory;
    this.capacity = capacity;
  }

  /** Makes a part that holds these bytes and counts against no limit. */
  static UploadPart of(byte[] bytes) {
    UploadPart part = PartMemory.unshared(bytes.length);
    part.fill(ByteBuffer.wrap(bytes));
    return part;
  }

  long size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  /** Takes bytes until the part is full. */
  void fill(ByteBuffer from) {
    while (from.hasRemaining() && !isFull()) {
      int at = (int) (size % PartMemory.CHUNK);
      if (at == 0) {
        chunks.add(memory.chunk());
      }
      int count =
          (int) Math.min(Math.min(from.remaining(), PartMemory.CHUNK - at), capacity - size);
      from.get(chunks.get(chunks.size() - 1), at, count);
      size += count;
    }
  }

  /** Gives the memory back; the part must not be used any more. */
  void release() {
    memory.release(chunks);
    chunks.clear();
    size = 0;
  }

  /** For the header {@code Content-MD5}, RFC 1864. */
  String md5() {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      forEachChunk((chunk, length) -> digest.update(chunk, 0, length));
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no MD5; configure CRC32", e);
    }
  }

  /** For the header {@code x-amz-checksum-crc32}: big-endian, in Base64. */
  String crc32() {
    CRC32 crc = new CRC32();
    forEachChunk((chunk, length) -> crc.update(chunk, 0, length));
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(value);
  }

  private interface ChunkReader {
    void read(byte[] chunk, int length);
  }

  private void forEachChunk(ChunkReader reader) {
    long left = size;
    for (byte[] chunk : chunks) {
      int length = (int) Math.min(chunk.length, left);
      reader.read(chunk, length);
      left -= length;
    }
  }

  /** Returns a stream of all bytes, which supports mark and reset. */
  InputStream stream() {
    return new Content();
  }

  private final class Content extends InputStream {

    private long position;
    private long mark;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (position == size) {
        return -1;
      }
      int at = (int) (position % PartMemory.CHUNK);
      int count = (int) Math.min(Math.min(length, PartMemory.CHUNK - at), size - position);
      byte[] chunk = chunks.get((int) (position / PartMemory.CHUNK));
      System.arraycopy(chunk, at, into, offset, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(size - position, Integer.MAX_VALUE);
    }

    @Override
    public boolean markSupported() {
      return true;
    }

    @Override
    public synchronized void mark(int readLimit) {
      mark = position;
    }

    @Override
    public synchronized void reset() {
      position = mark;
    }
  }
}
