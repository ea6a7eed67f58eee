package dev.darkroom.codec;

import dev.darkroom.codec.DecompressionException.LimitExceeded;
import dev.darkroom.codec.DecompressionException.LimitExceeded.Limit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongSupplier;

/**
 * A compressed stream being expanded. It is pulled: {@link #read} takes from the delivered bytes
 * what it needs, all of them by the time it says that the end is reached.
 *
 * <p>For one thread at a time. Memory: 256 KiB, and what the stream asks for within {@link
 * DecodeLimits#memoryBytes} (bzip2: 8 MiB).
 */
public final class Decompression implements Closeable {

  private final Codec codec;
  private final DecodeLimits limits;
  private final Delivery delivery;
  private final Expander expander;
  private long expanded;
  private boolean ended;

  private Decompression(Codec codec, DecodeLimits limits, Delivery delivery, Expander expander) {
    this.codec = codec;
    this.limits = limits;
    this.delivery = delivery;
    this.expander = expander;
  }

  static Decompression open(
      Codec codec, ReadableByteChannel delivered, DecodeLimits limits, LongSupplier nanoTime)
      throws IOException {
    Delivery delivery =
        new Delivery(
            delivered,
            new Stopwatch(nanoTime, limits.decodingTime(), () -> tooSlow(codec, limits)));
    try {
      Expander expander =
          switch (codec) {
            case GZIP -> new GzipExpander(delivery);
            case ZSTD -> new ZstdExpander(delivery, limits.memoryBytes());
            case XZ -> StreamExpander.xz(delivery, limits.memoryBytes());
            case BZIP2 -> StreamExpander.bzip2(delivery);
          };
      return new Decompression(codec, limits, delivery, expander);
    } catch (IOException | RuntimeException e) {
      throw delivery.explain(codec, e);
    }
  }

  /** Which compression it is. */
  public Codec codec() {
    return codec;
  }

  /** How many compressed bytes were read; all of them once {@link #read} returned -1. */
  public long delivered() {
    return delivery.count();
  }

  /** How many bytes came out. */
  public long expanded() {
    return expanded;
  }

  /**
   * Expands at least one byte into the buffer, which must have room.
   *
   * @return how many were expanded, or -1 at the end of a stream that was sound to its last byte
   * @throws DecompressionException when a limit is passed or the stream is damaged; nothing can be
   *     read any more, and what this call wrote into the buffer is worth nothing
   * @throws IOException what the delivered bytes' channel threw, as it was thrown
   */
  public int read(ByteBuffer into) throws IOException {
    if (ended) {
      return -1;
    }
    int count;
    delivery.stopwatch().start();
    try {
      count = expander.read(into);
    } catch (IOException | RuntimeException e) {
      throw delivery.explain(codec, e);
    } finally {
      delivery.stopwatch().pause();
    }
    if (count < 0) {
      ended = true;
      return -1;
    }
    expanded += count;
    requireWithinLimits();
    return count;
  }

  /** Frees the decoder's memory. The delivered bytes' channel stays open. */
  @Override
  public void close() throws IOException {
    ended = true;
    expander.close();
  }

  private void requireWithinLimits() throws LimitExceeded {
    delivery.stopwatch().requireTime();
    if (expanded > limits.expandedBytes()) {
      throw new LimitExceeded(
          Limit.EXPANDED_SIZE,
          "The %s stream expands to more than the %d bytes allowed."
              .formatted(codec.apiName(), limits.expandedBytes()));
    }
    if (expanded > limits.graceBytes() && expanded / limits.ratio() > delivery.count()) {
      throw new LimitExceeded(
          Limit.RATIO,
          "The first %d bytes of the %s stream expand to %d, more than the %d:1 allowed."
              .formatted(delivery.count(), codec.apiName(), expanded, limits.ratio()));
    }
  }

  private static LimitExceeded tooSlow(Codec codec, DecodeLimits limits) {
    return new LimitExceeded(
        Limit.TIME,
        "Expanding the %s stream takes longer than the %d s allowed."
            .formatted(codec.apiName(), limits.decodingTime().toSeconds()));
  }
}
