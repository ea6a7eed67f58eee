package dev.darkroom.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip (RFC 1952) with the runtime's zlib. Existing streams do not fit: the stream of the
 * runtime ignores garbage after a member, and the stream of commons-compress keeps names of any
 * length in memory.
 *
 * <p>Only zeros, the padding of tapes, may follow the last member.
 */
final class GzipExpander implements Expander {

  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xE0;
  private static final int LONGEST_TEXT = 64 << 10;

  private enum State {
    BEFORE_FIRST,
    IN_MEMBER,
    AFTER_MEMBER
  }

  private final Delivery delivery;
  private final ByteBuffer input = ByteBuffer.allocateDirect(Delivery.BUFFER_BYTES).limit(0);
  private final Inflater inflater = new Inflater(true);
  private final CRC32 contentCrc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private State state = State.BEFORE_FIRST;

  GzipExpander(Delivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.position() == start) {
      if (state != State.IN_MEMBER && !begin()) {
        return -1;
      }
      inflate(into);
    }
    return into.position() - start;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private void inflate(ByteBuffer into) throws IOException {
    int start = into.position();
    try {
      if (inflater.inflate(into) == 0) {
        if (inflater.needsDictionary()) {
          throw new ZipException("it requires a dictionary");
        }
        if (inflater.needsInput() && !inflater.finished()) {
          if (!fill()) {
            throw new EOFException();
          }
          inflater.setInput(input);
        }
      }
    } catch (DataFormatException e) {
      ZipException damaged =
          new ZipException(e.getMessage() == null ? "not deflate data" : e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
    contentCrc.update(into.duplicate().flip().position(start));
    if (inflater.finished()) {
      finish();
    }
  }

  /** Reads the header of a member; returns false when no further member follows. */
  private boolean begin() throws IOException {
    if (state == State.AFTER_MEMBER) {
      if (!fill()) {
        return false;
      }
      if (input.get(input.position()) == 0) {
        requireOnlyZeros();
        return false;
      }
    }
    headerCrc.reset();
    if (header() != 0x1F || header() != 0x8B) {
      throw new ZipException(
          state == State.BEFORE_FIRST
              ? "it does not start with a gzip header"
              : "garbage follows its end");
    }
    if (header() != DEFLATE) {
      throw new ZipException("its method is not deflate");
    }
    int flags = header();
    if ((flags & FLAGS_RESERVED) != 0) {
      throw new ZipException("reserved flags are set");
    }
    skip(6); // modification time, extra flags, operating system
    if ((flags & FLAG_EXTRA) != 0) {
      skip(header() | header() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      int expected = (int) headerCrc.getValue() & 0xFFFF;
      if ((header() | header() << 8) != expected) {
        throw new ZipException("the checksum of its header is wrong");
      }
    }
    contentCrc.reset();
    inflater.reset();
    inflater.setInput(input);
    state = State.IN_MEMBER;
    return true;
  }

  private void finish() throws IOException {
    if (littleEndian() != (int) contentCrc.getValue()) {
      throw new ZipException("the checksum of its contents is wrong");
    }
    if (littleEndian() != (int) inflater.getBytesWritten()) {
      throw new ZipException("the length of its contents is wrong");
    }
    state = State.AFTER_MEMBER;
  }

  private void requireOnlyZeros() throws IOException {
    while (fill()) {
      if (input.get() != 0) {
        throw new ZipException("garbage follows its end");
      }
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      int unused = header();
    }
  }

  private void skipText() throws IOException {
    for (int i = 0; i < LONGEST_TEXT; i++) {
      if (header() == 0) {
        return;
      }
    }
    throw new ZipException("a name in its header has no end");
  }

  private int littleEndian() throws IOException {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  private int header() throws IOException {
    int value = next();
    headerCrc.update(value);
    return value;
  }

  private int next() throws IOException {
    if (!fill()) {
      throw new EOFException();
    }
    return input.get() & 0xFF;
  }

  /** Returns whether the input has at least one more byte; reads more when the buffer is empty. */
  private boolean fill() throws IOException {
    if (input.hasRemaining()) {
      return true;
    }
    boolean more = delivery.read(input.clear()) > 0;
    input.flip();
    return more;
  }
}
