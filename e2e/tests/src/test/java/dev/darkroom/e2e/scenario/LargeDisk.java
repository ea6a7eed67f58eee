package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A disk that is generated while it is served, because it does not fit in memory: blocks of 1 MiB,
 * each with other bytes.
 */
public final class LargeDisk implements Script {

  private static final int BLOCK = 1 << 20;

  private final int blocks;
  private final byte[] pattern = new byte[BLOCK];
  private final AtomicInteger requests = new AtomicInteger();

  /** A disk of this size in MiB. */
  public LargeDisk(int mebibytes) {
    this.blocks = mebibytes;
    new Random(mebibytes).nextBytes(pattern);
  }

  /** The size in bytes. */
  public long size() {
    return (long) blocks * BLOCK;
  }

  /** The first request gets half the bytes and then stalls; later requests get all bytes. */
  @Override
  public void play(FaultyExchange exchange) throws IOException {
    boolean first = requests.incrementAndGet() == 1;
    exchange.head(200, WebResponses.length(size()), WebResponses.OCTETS);
    for (int block = 0; block < (first ? blocks / 2 : blocks); block++) {
      exchange.body(block(block));
    }
    if (first) {
      exchange.stall();
    }
  }

  /** The SHA-256 checksum in the form of a manifest. */
  public String checksum() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int block = 0; block < blocks; block++) {
        digest.update(block(block));
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compares the content of a file with this disk. */
  public boolean isIn(Path file) throws IOException {
    if (Files.size(file) != size()) {
      return false;
    }
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), BLOCK)) {
      for (int block = 0; block < blocks; block++) {
        if (!Arrays.equals(stream.readNBytes(BLOCK), block(block))) {
          return false;
        }
      }
    }
    return true;
  }

  private byte[] block(int number) {
    byte[] block = pattern.clone();
    ByteBuffer.wrap(block).putInt(number);
    return block;
  }
}
