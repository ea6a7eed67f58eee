package dev.darkroom.codec;

import dev.darkroom.codec.DecompressionException.LimitExceeded;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Sums the time between {@link #start} and {@link #pause}, and compares it with a limit. */
final class Stopwatch {

  private final LongSupplier nanoTime;
  private final long allowedNanos;
  private final Supplier<LimitExceeded> exceeded;
  private long spent;
  private long startedAt;
  private boolean running;

  Stopwatch(LongSupplier nanoTime, Duration allowed, Supplier<LimitExceeded> exceeded) {
    this.nanoTime = nanoTime;
    this.allowedNanos = allowed.toNanos();
    this.exceeded = exceeded;
  }

  void start() {
    startedAt = nanoTime.getAsLong();
    running = true;
  }

  void pause() {
    if (running) {
      spent += nanoTime.getAsLong() - startedAt;
      running = false;
    }
  }

  void requireTime() throws LimitExceeded {
    if (spent > allowedNanos) {
      throw exceeded.get();
    }
  }
}
