package dev.darkroom.codec;

import dev.darkroom.codec.DecompressionException.LimitExceeded;
import dev.darkroom.codec.DecompressionException.LimitExceeded.Limit;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongSupplier;

/**
 * Expands a compressed stream on demand: {@link #read} reads as many delivered bytes as it needs,
 * and all of them before it reports the end.
 *
 * <p>Used by one thread at a time. Memory: 256 KiB, plus the dictionary or window of the stream, at
 * most {@link DecodeLimits#memoryBytes} (bzip2: 8 MiB).
 */
public final class Decompressor implements Closeable {

  private final Codec codec;
  private final DecodeLimits limits;
  private final Delivery delivery;
  private final Expander expander;
  private long expanded;
  private boolean ended;

  private Decompressor(Codec codec, DecodeLimits limits, Delivery delivery, Expander expander) {
    this.codec = codec;
    this.limits = limits;
    this.delivery = delivery;
    this.expander = expander;
  }

  static Decompressor open(
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
      return new Decompressor(codec, limits, delivery, expander);
    } catch (IOException | RuntimeException e) {
      throw delivery.explain(codec, e);
    }
  }

  /** Returns the codec. */
  public Codec codec() {
    return codec;
  }

  /** Returns the number of compressed bytes read: all of them once {@link #read} returned -1. */
  public long delivered() {
    return delivery.count();
  }

  /** Returns the number of expanded bytes. */
  public long expanded() {
    return expanded;
  }

  /**
   * Expands at least one byte into the buffer, which must have free space.
   *
   * @return the number of expanded bytes, or -1 at the end of a stream that is valid to its last
   *     byte
   * @throws DecompressionException when a limit is exceeded or the stream is damaged; no further
   *     read is possible, and the bytes of this call in the buffer are invalid
   * @throws IOException the unchanged exception of the channel of the delivered bytes
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

  /** Frees the decoder's memory. The channel of the delivered bytes stays open. */
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
