package dev.darkroom.transfer.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver.Recorder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Measures the progress of a transfer. Fed by the transfer's thread; {@link #moved} costs three
 * writes, and a lock twice a second. {@link #snapshot} is for any thread.
 */
public final class ProgressMeter {

  /** Runs tasks later, on any thread; not at all after the transfers are closed. */
  @FunctionalInterface
  public interface Scheduler {
    /** Runs the task after so many nanoseconds. */
    void schedule(Runnable what, long afterNanos);
  }

  private static final int SAMPLES = 10;
  private static final long SAMPLE_NANOS = Duration.ofMillis(500).toNanos();
  private static final long WINDOW_NANOS = SAMPLES * SAMPLE_NANOS;

  private final Clock clock;
  private final LongSupplier nanoTime;
  private final long announceNanos;
  private final Scheduler scheduler;
  private final Recorder recorder;
  private final Runnable announce;

  /** Whether an announcement is scheduled. */
  private final AtomicBoolean due = new AtomicBoolean();

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastByteMillis;

  private volatile Progress.Stage stage = Progress.Stage.QUEUED;
  private volatile Optional<SourceHead> head = Optional.empty();
  private volatile OptionalLong total = OptionalLong.empty();

  /** For the transfer's thread only. */
  private long sampledAt;

  private volatile long announcedAt;

  @GuardedBy("this")
  private final long[] sampleNanos = new long[SAMPLES];

  @GuardedBy("this")
  private final long[] sampleBytes = new long[SAMPLES];

  @GuardedBy("this")
  private int samples;

  /**
   * @param announceEvery the shortest interval between two announcements of bytes
   * @param scheduler announces the last bytes, when no others follow
   * @param recorder gets every new stage and all bytes, on the transfer's thread
   * @param announce called at every new stage, and within the interval after each byte; on the
   *     transfer's thread too, so it must not block
   */
  public ProgressMeter(
      Clock clock,
      LongSupplier nanoTime,
      Duration announceEvery,
      Scheduler scheduler,
      Recorder recorder,
      Runnable announce) {
    this.scheduler = scheduler;
    this.recorder = recorder;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.announceNanos = announceEvery.toNanos();
    this.announce = announce;
    this.lastByteMillis = new AtomicLong(clock.millis());
    sample(nanoTime.getAsLong());
  }

  /** Enters a stage. */
  public void stage(Progress.Stage next) {
    if (stage == next) {
      return;
    }
    stage = next;
    lastByteMillis.lazySet(clock.millis());
    switch (next) {
      case STAGING, CONVERTING, IMPORTING -> restart(nanoTime.getAsLong());
      default -> {}
    }
    announce(nanoTime.getAsLong());
    recorder.entered(next);
  }

  /** Counts from 0 again: the bytes are read from the first one on. */
  public void restart() {
    bytes.lazySet(0);
  }

  /** Counts other bytes than the source's from now on, from 0 to the total. */
  public void restart(OptionalLong newTotal) {
    total = newTotal;
    restart();
  }

  /**
   * Sets the number of bytes that are done. On any thread, while the transfer's own waits for it
   * and does not call {@link #moved}.
   */
  public void reached(long count) {
    moved(Math.max(0, count - bytes.getPlain()));
  }

  /** Takes the head of the source's answer. */
  public void head(SourceHead found) {
    head = Optional.of(found);
    total = found.length();
  }

  /** Adds bytes. */
  public void moved(long count) {
    long now = nanoTime.getAsLong();
    if (now - sampledAt >= SAMPLE_NANOS) {
      sample(now);
    }
    lastByteMillis.lazySet(clock.millis());
    recorder.read(count);
    // Not lazily: the announcement that is due must see these bytes.
    bytes.set(bytes.getPlain() + count);
    long since = now - announcedAt;
    if (since >= announceNanos) {
      announce(now);
    } else if (!due.get() && due.compareAndSet(false, true)) {
      scheduler.schedule(this::announceLate, announceNanos - since);
    }
  }

  /** The progress now. */
  public Progress snapshot() {
    long count = bytes.get();
    return new Progress(
        stage,
        count,
        total,
        rate(count, nanoTime.getAsLong()),
        Instant.ofEpochMilli(lastByteMillis.get()),
        head);
  }

  private void announceLate() {
    due.set(false);
    announce(nanoTime.getAsLong());
  }

  private void announce(long now) {
    announcedAt = now;
    announce.run();
  }

  /**
   * Bytes per second since the newest sample that is as old as the window, or the oldest sample; 0
   * when that time is too short.
   */
  private synchronized long rate(long count, long now) {
    int base = Math.max(0, samples - SAMPLES);
    int newest = samples - 1;
    if (now - sampleNanos[newest % SAMPLES] >= WINDOW_NANOS) {
      return 0;
    }
    while (base < newest && now - sampleNanos[(base + 1) % SAMPLES] >= WINDOW_NANOS) {
      base++;
    }
    // After a gap the base may be much older, but its bytes came within the window.
    long elapsed = Math.min(WINDOW_NANOS, now - sampleNanos[base % SAMPLES]);
    if (elapsed < SAMPLE_NANOS) {
      // The first bytes are no measure of the others.
      return 0;
    }
    double seconds = elapsed / 1e9;
    return Math.max(0, Math.round((count - sampleBytes[base % SAMPLES]) / seconds));
  }

  private synchronized void restart(long now) {
    samples = 0;
    sample(now);
  }

  private synchronized void sample(long now) {
    sampledAt = now;
    sampleNanos[samples % SAMPLES] = now;
    sampleBytes[samples % SAMPLES] = bytes.getPlain();
    samples++;
  }
}
