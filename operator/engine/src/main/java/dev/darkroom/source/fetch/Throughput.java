package dev.darkroom.source.fetch;

import dev.darkroom.source.Seconds;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.time.Duration;
import java.util.Arrays;

/**
 * Sees whether a source is too slow: how many bytes came in the last so many seconds that a reader
 * spent waiting for it. Time in which nobody waits, because what came is still being worked on,
 * does not count. Used by the reader's thread alone.
 */
final class Throughput {

  private static final int SLICES = 10;

  private final long minimum;
  private final Duration window;
  private final long sliceNanos;

  /** The bytes of the last slices of the window, in a ring. */
  private final long[] bytes = new long[SLICES];

  private int slice;
  private int complete;
  private long nanosInSlice;
  private long since;

  Throughput(long minimumBytesPerSecond, Duration window) {
    this.minimum = (long) (minimumBytesPerSecond * (window.toNanos() / 1e9));
    this.window = window;
    this.sliceNanos = Math.max(1, window.toNanos() / SLICES);
  }

  /** The reader begins to wait; also when the time until now is not to count. */
  void begin() {
    since = System.nanoTime();
  }

  /**
   * The reader waits still.
   *
   * @throws SourceException {@code TOO_SLOW}
   */
  void check() throws SourceException {
    end(0);
  }

  /**
   * The reader got bytes.
   *
   * @throws SourceException {@code TOO_SLOW}
   */
  void end(int count) throws SourceException {
    long now = System.nanoTime();
    waited(now - since, count);
    since = now;
  }

  /** As {@link #end}, for so many nanoseconds. */
  void waited(long nanos, int count) throws SourceException {
    if (minimum == 0) {
      return;
    }
    bytes[slice] += count;
    nanosInSlice += nanos;
    while (nanosInSlice >= sliceNanos) {
      nanosInSlice -= sliceNanos;
      complete = Math.min(complete + 1, SLICES);
      long sum = Arrays.stream(bytes).sum();
      if (complete == SLICES && sum < minimum) {
        throw new SourceException(
            Kind.TOO_SLOW,
            "the source sent %,d bytes in the %s that were spent waiting for it, fewer than %,d"
                .formatted(sum, Seconds.of(window), minimum));
      }
      slice = (slice + 1) % SLICES;
      bytes[slice] = 0;
    }
  }
}
