package dev.darkroom.source.fetch;

import dev.darkroom.source.Seconds;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.time.Duration;
import java.util.Arrays;

/**
 * Fails a source that is too slow: counts the bytes that came in the last seconds, a window of
 * fixed length, that the reader spent waiting. Time in which the reader works on earlier bytes does
 * not count. Used by the reader's thread alone.
 */
final class Throughput {

  private static final int SLICES = 10;

  private final long minimum;
  private final Duration window;
  private final long sliceNanos;

  /** The bytes of each slice of the window, a ring buffer. */
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

  /** Starts a wait; the time before does not count. */
  void begin() {
    since = System.nanoTime();
  }

  /**
   * Counts the wait until now.
   *
   * @throws SourceException {@code TOO_SLOW}
   */
  void check() throws SourceException {
    end(0);
  }

  /**
   * Counts the wait until now and the bytes that ended it.
   *
   * @throws SourceException {@code TOO_SLOW}
   */
  void end(int count) throws SourceException {
    long now = System.nanoTime();
    waited(now - since, count);
    since = now;
  }

  /** Counts a wait of so many nanoseconds and its bytes. */
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
            "the source sent %,d bytes in %s of waiting, fewer than the %,d required"
                .formatted(sum, Seconds.of(window), minimum));
      }
      slice = (slice + 1) % SLICES;
      bytes[slice] = 0;
    }
  }
}
