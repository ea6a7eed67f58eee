package dev.darkroom.controller;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads a published copy from its first byte to its last and compares its digest with the image's.
 * It changes nothing. Holds one buffer, and a thread for as long as it reads.
 *
 * @param store where the copy is
 * @param key what it is called there
 * @param size how many bytes it must have
 * @param digest what they must have as SHA-256
 * @param bytesPerSecond how fast it is read at most
 * @param stop read no further when it is zero
 */
record CopyCheck(
    BlobStore store,
    BlobKey key,
    long size,
    Checksum digest,
    OptionalLong bytesPerSecond,
    CountDownLatch stop,
    Clock clock) {

  private static final int BUFFER = 1 << 20;

  /**
   * Reads it.
   *
   * @return empty when it was stopped
   * @throws StoreException when it can't be told now what is there
   */
  Optional<CopyFinding> run() throws StoreException, InterruptedException {
    try {
      Optional<Blob> blob = store.stat(key);
      if (blob.isEmpty()) {
        return Optional.of(new CopyFinding.Missing());
      }
      if (blob.get().size() != size) {
        return Optional.of(
            new CopyFinding.Corrupt("It has %d bytes, not %d.".formatted(blob.get().size(), size)));
      }
      return read();
    } catch (StoreException e) {
      return Optional.of(finding(e));
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, "a copy could not be read to its end", e);
    }
  }

  private Optional<CopyFinding> read() throws IOException, InterruptedException {
    MessageDigest sha256 = sha256();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    long begun = System.nanoTime();
    long bytes = 0;
    try (ReadableByteChannel channel = store.read(key, 0, size)) {
      while (channel.read(buffer.clear()) >= 0) {
        bytes += buffer.flip().remaining();
        sha256.update(buffer);
        if (stop.await(ahead(bytes, System.nanoTime() - begun), TimeUnit.NANOSECONDS)) {
          return Optional.empty();
        }
      }
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    return Optional.of(
        bytes == size && found.equals(digest.hex())
            ? new CopyFinding.Sound(clock.instant().truncatedTo(ChronoUnit.SECONDS), bytes)
            : new CopyFinding.Corrupt(
                "Its " + bytes + " bytes have the digest sha256:" + found + "."));
  }

  /** By how many nanoseconds reading is faster than it may be. */
  private long ahead(long bytes, long nanos) {
    return bytesPerSecond.isEmpty() ? 0 : (long) (bytes * 1e9 / bytesPerSecond.getAsLong()) - nanos;
  }

  private static CopyFinding finding(StoreException e) throws StoreException {
    return switch (e.kind()) {
      case NOT_FOUND -> new CopyFinding.Missing();
      case CORRUPT -> new CopyFinding.Corrupt("The store says: " + e.getMessage() + ".");
      default -> throw e;
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance(Checksum.Algorithm.SHA256.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
