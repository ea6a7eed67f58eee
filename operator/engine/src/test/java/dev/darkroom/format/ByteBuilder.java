package dev.darkroom.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** A file being made byte by byte; it grows where something is put beyond its end. */
final class ByteBuilder {
  private byte[] bytes;

  ByteBuilder(int length) {
    bytes = new byte[length];
  }

  static ByteBuilder of(byte[] bytes) {
    ByteBuilder blob = new ByteBuilder(0);
    blob.bytes = bytes.clone();
    return blob;
  }

  ByteBuilder u8(int at, int value) {
    return put(at, new byte[] {(byte) value});
  }

  ByteBuilder u16be(int at, int value) {
    return put(at, buffer(2, ByteOrder.BIG_ENDIAN).putShort((short) value).array());
  }

  ByteBuilder u32be(int at, long value) {
    return put(at, buffer(4, ByteOrder.BIG_ENDIAN).putInt((int) value).array());
  }

  ByteBuilder u64be(int at, long value) {
    return put(at, buffer(8, ByteOrder.BIG_ENDIAN).putLong(value).array());
  }

  ByteBuilder u16le(int at, int value) {
    return put(at, buffer(2, ByteOrder.LITTLE_ENDIAN).putShort((short) value).array());
  }

  ByteBuilder u32le(int at, long value) {
    return put(at, buffer(4, ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
  }

  ByteBuilder u64le(int at, long value) {
    return put(at, buffer(8, ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  /** One byte a character. */
  ByteBuilder text(int at, String latin1) {
    return put(at, latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** As Microsoft stores it. */
  ByteBuilder guid(int at, String guid) {
    UUID id = UUID.fromString(guid);
    long high = id.getMostSignificantBits();
    return u32le(at, high >>> 32)
        .u16le(at + 4, (int) (high >>> 16))
        .u16le(at + 6, (int) high)
        .u64be(at + 8, id.getLeastSignificantBits());
  }

  ByteBuilder put(int at, byte[] what) {
    if (at + what.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, at + what.length);
    }
    System.arraycopy(what, 0, bytes, at, what.length);
    return this;
  }

  ByteBuilder cutTo(int length) {
    bytes = Arrays.copyOf(bytes, length);
    return this;
  }

  byte[] part(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  int length() {
    return bytes.length;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  private static ByteBuffer buffer(int length, ByteOrder order) {
    return ByteBuffer.allocate(length).order(order);
  }
}
