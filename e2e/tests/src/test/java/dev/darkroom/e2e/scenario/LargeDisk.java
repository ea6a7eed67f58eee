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
 * A disk too large to keep in memory, made as it is read: blocks of 1 MiB, each of them another
 * one.
 */
final class LargeDisk implements Script {

  private static final int BLOCK = 1 << 20;

  private final int blocks;
  private final byte[] pattern = new byte[BLOCK];
  private final AtomicInteger requests = new AtomicInteger();

  LargeDisk(int mebibytes) {
    this.blocks = mebibytes;
    new Random(mebibytes).nextBytes(pattern);
  }

  long size() {
    return (long) blocks * BLOCK;
  }

  /** Who asks first gets half of it and waits for the rest in vain; later ones get it all. */
  @Override
  public void play(FaultyExchange exchange) throws IOException {
    boolean first = requests.incrementAndGet() == 1;
    exchange.head(200, Answers.length(size()), Answers.OCTETS);
    for (int block = 0; block < (first ? blocks / 2 : blocks); block++) {
      exchange.body(block(block));
    }
    if (first) {
      exchange.stall();
    }
  }

  String checksum() {
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

  /** Whether a file has exactly these bytes. */
  boolean isIn(Path file) throws IOException {
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
