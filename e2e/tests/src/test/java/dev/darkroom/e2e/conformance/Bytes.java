package dev.darkroom.e2e.conformance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;

/** Bytes to play with. */
final class Bytes {

  private Bytes() {}

  /** Bytes that no inspector knows; always the same of one size. */
  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** The first of them. */
  static byte[] first(int count, byte[] bytes) {
    return Arrays.copyOf(bytes, count);
  }

  /** All from that one on. */
  static byte[] from(int offset, byte[] bytes) {
    return Arrays.copyOfRange(bytes, offset, bytes.length);
  }

  /** As many bytes, none of them the same. */
  static byte[] inverted(byte[] bytes) {
    byte[] inverted = bytes.clone();
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = (byte) ~inverted[i];
    }
    return inverted;
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
