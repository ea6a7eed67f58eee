package dev.darkroom.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A range of the file, read by offset. The getters throw {@link IndexOutOfBoundsException} beyond
 * the end: a probe calls {@link #has} first.
 */
final class Bytes {
  private final ByteBuffer big;
  private final ByteBuffer little;

  Bytes(byte[] bytes, int length) {
    big = ByteBuffer.wrap(bytes, 0, length).slice().order(ByteOrder.BIG_ENDIAN);
    little = big.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  int length() {
    return big.limit();
  }

  boolean has(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= length() && length <= length() - offset;
  }

  int u8(int offset) {
    return big.get(offset) & 0xFF;
  }

  int u16be(int offset) {
    return big.getShort(offset) & 0xFFFF;
  }

  int u16le(int offset) {
    return little.getShort(offset) & 0xFFFF;
  }

  long u32be(int offset) {
    return big.getInt(offset) & 0xFFFFFFFFL;
  }

  long u32le(int offset) {
    return little.getInt(offset) & 0xFFFFFFFFL;
  }

  /** Unsigned 64 bits in a long: negative means 2⁶³ or more. */
  long u64be(int offset) {
    return big.getLong(offset);
  }

  /** Unsigned 64 bits in a long: negative means 2⁶³ or more. */
  long u64le(int offset) {
    return little.getLong(offset);
  }

  /** Returns whether the bytes at the offset equal the text; false beyond the end. */
  boolean at(int offset, String latin1) {
    return has(offset, latin1.length()) && text(offset, latin1.length()).equals(latin1);
  }

  /** The text with one character for each byte, so that no byte is lost. */
  String text(int offset, int length) {
    return new String(copy(offset, length), StandardCharsets.ISO_8859_1);
  }

  /** The text up to the first NUL, at most that many bytes. */
  String textUpToNul(int offset, int length) {
    String text = text(offset, length);
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  boolean isZero(int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (big.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  byte[] copy(int offset, int length) {
    byte[] copy = new byte[length];
    big.get(offset, copy);
    return copy;
  }

  Bytes slice(int offset, int length) {
    return new Bytes(copy(offset, length), length);
  }

  boolean sameAs(Bytes other) {
    return Arrays.equals(copy(0, length()), other.copy(0, other.length()));
  }
}
