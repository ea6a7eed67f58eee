package dev.darkroom.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Reads the tables of a format while the file passes, entry by entry and in the order of the file.
 * A table can name further tables, as the L1 table of a qcow2 does; the walk reads them if they are
 * later in the file. It does not read a table whose start has passed ({@link #unread}). Memory: the
 * offsets of the tables that follow, at most {@value #MAX_FOLLOWING} of the named tables.
 */
final class TableWalk {
  static final int MAX_FOLLOWING = 1 << 16;

  /** Receives all entries of a table, in their order. */
  @FunctionalInterface
  interface Reader {
    /**
     * Receives one entry.
     *
     * @param index of the entry, from 0
     * @param value unsigned
     * @throws Refusal if an image with this entry must not be stored
     */
    void entry(long index, long value) throws Refusal;
  }

  /** The encoding of the entries. */
  enum Layout {
    /** 32 bits, the high byte first. */
    U32_BE(4, ByteOrder.BIG_ENDIAN),
    /** 32 bits, the low byte first. */
    U32_LE(4, ByteOrder.LITTLE_ENDIAN),
    /** 64 bits, the high byte first. */
    U64_BE(8, ByteOrder.BIG_ENDIAN),
    /** 64 bits, the low byte first. */
    U64_LE(8, ByteOrder.LITTLE_ENDIAN);

    private final int bytes;
    private final ByteOrder order;

    Layout(int bytes, ByteOrder order) {
      this.bytes = bytes;
      this.order = order;
    }

    /** Reads a whole entry, independent of the byte order of the buffer. */
    private long read(ByteBuffer chunk, int index) {
      if (bytes == Long.BYTES) {
        long entry = chunk.getLong(index);
        return chunk.order() == order ? entry : Long.reverseBytes(entry);
      }
      int entry = chunk.getInt(index);
      return Integer.toUnsignedLong(chunk.order() == order ? entry : Integer.reverseBytes(entry));
    }

    /** Returns the shift, in bits, of a byte of an entry; bytes count in the order of the file. */
    private int shift(int number) {
      return 8 * (order == ByteOrder.BIG_ENDIAN ? bytes - 1 - number : number);
    }
  }

  private record Table(long offset, long length, Reader reader) {
    long end() {
      return offset + length;
    }
  }

  private final Layout layout;
  private final PriorityQueue<Table> named =
      new PriorityQueue<>(Comparator.comparingLong(Table::offset));

  private long[] following = new long[0];
  private int followingFrom;
  private int followingTo;
  private boolean sorted = true;
  private long followingLength;
  private Optional<Reader> followingReader = Optional.empty();

  private Optional<Table> current = Optional.empty();
  private long lastOffset = -1;
  private boolean unread;
  private long entryIndex;
  private long value;
  private int valueBytes;

  TableWalk(Layout layout) {
    this.layout = layout;
  }

  /** Adds a table to be read; offset and length in bytes, not negative. */
  void add(long offset, long length, Reader reader) {
    named.add(new Table(offset, length, reader));
  }

  /** Sets the reader of the tables that {@link #follow} names, each of that many bytes. */
  void followBy(long length, Reader reader) {
    followingLength = length;
    followingReader = Optional.of(reader);
  }

  /** Adds a table that an entry names. Called by readers. */
  void follow(long offset) {
    if (followingTo == following.length) {
      if (followingFrom > 0) {
        System.arraycopy(following, followingFrom, following, 0, followingTo - followingFrom);
        followingTo -= followingFrom;
        followingFrom = 0;
      } else if (following.length < MAX_FOLLOWING) {
        following = Arrays.copyOf(following, Math.max(64, 2 * following.length));
      } else {
        unread = true;
        return;
      }
    }
    following[followingTo++] = offset;
    sorted = false;
  }

  /**
   * Returns whether a named table was not read: its start had passed when it was named, it overlaps
   * another table, or it exceeded the maximum number of tables. A table that is named twice is read
   * once.
   */
  boolean unread() {
    return unread;
  }

  /**
   * Reads the parts of the tables in a range of the file.
   *
   * @param position of the range in the file; the range follows the previous range
   * @param chunk contains the bytes; not changed
   * @param index of the range in the chunk
   * @param count of its bytes
   * @throws Refusal of a reader
   */
  void pass(long position, ByteBuffer chunk, int index, int count) throws Refusal {
    long at = position;
    long end = position + count;
    while (at < end) {
      if (current.isEmpty()) {
        current = next(at, end);
        lastOffset = current.map(Table::offset).orElse(lastOffset);
        entryIndex = 0;
        valueBytes = 0;
        value = 0;
      }
      if (current.isEmpty()) {
        return;
      }
      Table table = current.get();
      at = Math.max(at, table.offset());
      long until = Math.min(end, table.end());
      while (at < until) {
        at += take(table.reader(), chunk, index + (int) (at - position), until - at);
      }
      if (at >= table.end()) {
        current = Optional.empty();
      }
    }
  }

  /** Reads a whole entry, or one byte of an entry split over chunks; returns the bytes read. */
  private int take(Reader reader, ByteBuffer chunk, int index, long left) throws Refusal {
    if (valueBytes == 0 && left >= layout.bytes) {
      reader.entry(entryIndex++, layout.read(chunk, index));
      return layout.bytes;
    }
    value |= (chunk.get(index) & 0xFFL) << layout.shift(valueBytes);
    valueBytes++;
    if (valueBytes == layout.bytes) {
      long whole = value;
      value = 0;
      valueBytes = 0;
      reader.entry(entryIndex++, whole);
    }
    return 1;
  }

  /**
   * Returns the first table that begins between the two offsets; drops tables that began earlier.
   */
  private Optional<Table> next(long from, long to) {
    if (!sorted) {
      Arrays.sort(following, followingFrom, followingTo);
      sorted = true;
    }
    while (followingFrom < followingTo && following[followingFrom] < from) {
      unread |= following[followingFrom++] != lastOffset;
    }
    while (!named.isEmpty() && named.peek().offset() < from) {
      unread |= named.remove().offset() != lastOffset;
    }
    long first = named.isEmpty() ? Long.MAX_VALUE : named.peek().offset();
    if (followingFrom < followingTo && following[followingFrom] < Math.min(first, to)) {
      long offset = following[followingFrom++];
      return Optional.of(new Table(offset, followingLength, followingReader.orElseThrow()));
    }
    return first < to ? Optional.of(named.remove()) : Optional.empty();
  }
}
