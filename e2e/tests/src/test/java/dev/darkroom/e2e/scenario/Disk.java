package dev.darkroom.e2e.scenario;

import dev.darkroom.format.Qcow2Image;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;

/** The bytes of a published disk image. Immutable. */
public final class Disk {

  private final byte[] bytes;

  private Disk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A disk with these bytes. */
  public static Disk of(byte[] bytes) {
    return new Disk(bytes.clone());
  }

  /** A valid, empty qcow2 disk of 1 GiB; each seed gives other bytes. */
  public static Disk qcow2(int seed) {
    return new Disk(Qcow2Image.v3(1L << 30).u32((256 << 10) - 4, seed).bytes());
  }

  /** The disk of seed 0. */
  public static Disk qcow2() {
    return qcow2(0);
  }

  /** Pseudo-random bytes of no known format; the size is the seed. */
  public static Disk raw(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return new Disk(bytes);
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The size in bytes. */
  public int size() {
    return bytes.length;
  }

  /** The SHA-256 checksum in the form of a manifest, {@code sha256:HEX}. */
  public String checksum() {
    return checksum("SHA-256");
  }

  /** The checksum in the form of a manifest, {@code ALGORITHM:HEX}. */
  public String checksum(String algorithm) {
    try {
      return algorithm.toLowerCase(Locale.ROOT).replace("-", "")
          + ":"
          + HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
