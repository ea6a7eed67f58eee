package dev.darkroom.e2e.scenario;

import dev.darkroom.format.Qcow2Image;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;

/** A disk image, as a publisher has it. */
final class Disk {

  private final byte[] bytes;

  private Disk(byte[] bytes) {
    this.bytes = bytes;
  }

  static Disk of(byte[] bytes) {
    return new Disk(bytes.clone());
  }

  /** A sound, empty qcow2 of 1 GiB; each seed makes another one. */
  static Disk qcow2(int seed) {
    return new Disk(Qcow2Image.v3(1L << 30).u32((256 << 10) - 4, seed).bytes());
  }

  static Disk qcow2() {
    return qcow2(0);
  }

  /** Bytes that look like nothing. */
  static Disk raw(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return new Disk(bytes);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  int size() {
    return bytes.length;
  }

  /** As manifests write it. */
  String checksum() {
    return checksum("SHA-256");
  }

  String checksum(String algorithm) {
    try {
      return algorithm.toLowerCase(Locale.ROOT).replace("-", "")
          + ":"
          + HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
