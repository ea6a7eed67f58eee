package dev.darkroom.transfer.pipeline;

import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver.Journey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Where a transfer is. It is told by the transfer's own thread, cheaply: {@link #moved} costs three
 * writes, and a lock twice a second. {@link #snapshot} is for anybody.
 */
public final class ProgressMeter {

  /** Has something done later, by whatever thread; when nothing is done any more, not at all. */
  @FunctionalInterface
  public interface Later {
    void run(Runnable what, long afterNanos);
  }

  private static final int SAMPLES = 10;
  private static final long SAMPLE_NANOS = Duration.ofMillis(500).toNanos();
  private static final long WINDOW_NANOS = SAMPLES * SAMPLE_NANOS;

  private final Clock clock;
  private final LongSupplier nanoTime;
  private final long announceNanos;
  private final Later later;
  private final Journey journey;
  private final Runnable announce;

  /** Whether an announcement is on its way. */
  private final AtomicBoolean due = new AtomicBoolean();

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastByteMillis;

  private volatile Progress.Stage stage = Progress.Stage.QUEUED;
  private volatile Optional<SourceHead> head = Optional.empty();
  private volatile OptionalLong total = OptionalLong.empty();

  /** For the transfer's thread only. */
  private long sampledAt;

  private volatile long announcedAt;

  private final long[] sampleNanos = new long[SAMPLES];
  private final long[] sampleBytes = new long[SAMPLES];
  private int samples;

  /**
   * @param announceEvery how often it is worth telling that bytes move
   * @param later for the word of the last bytes, when none follow that would bring it
   * @param journey hears of every new stage and of bytes, on the transfer's thread
   * @param announce called at every new stage and, while bytes move, that often, no byte later than
   *     that after it came; by the transfer's thread too, so it must not block
   */
  public ProgressMeter(
      Clock clock,
      LongSupplier nanoTime,
      Duration announceEvery,
      Later later,
      Journey journey,
      Runnable announce) {
    this.later = later;
    this.journey = journey;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.announceNanos = announceEvery.toNanos();
    this.announce = announce;
    this.lastByteMillis = new AtomicLong(clock.millis());
    sample(nanoTime.getAsLong());
  }

  /** The transfer enters a stage. */
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
    journey.entered(next);
  }

  /** The bytes are read from the first one on. */
  public void restart() {
    bytes.lazySet(0);
  }

  /** Other bytes than the source's are counted from now on, from the first of so many. */
  public void restart(OptionalLong others) {
    total = others;
    restart();
  }

  /**
   * So many bytes are done. On any thread, as long as the transfer's own waits for it and {@link
   * #moved} is not called.
   */
  public void reached(long count) {
    moved(Math.max(0, count - bytes.getPlain()));
  }

  /** The source answered. */
  public void head(SourceHead found) {
    head = Optional.of(found);
    total = found.length();
  }

  /** More bytes came. */
  public void moved(long count) {
    long now = nanoTime.getAsLong();
    if (now - sampledAt >= SAMPLE_NANOS) {
      sample(now);
    }
    lastByteMillis.lazySet(clock.millis());
    journey.read(count);
    // Not lazily: who finds that an announcement is due relies on its seeing these bytes.
    bytes.set(bytes.getPlain() + count);
    long since = now - announcedAt;
    if (since >= announceNanos) {
      announce(now);
    } else if (!due.get() && due.compareAndSet(false, true)) {
      later.run(this::announceLate, announceNanos - since);
    }
  }

  /** Where it is now. */
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
   * Bytes a second since the newest sample that is as old as the window, or the oldest there is; 0
   * when that is too short a time.
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
    // After a gap the base may be much older, but what came since came within the window.
    long elapsed = Math.min(WINDOW_NANOS, now - sampleNanos[base % SAMPLES]);
    if (elapsed < SAMPLE_NANOS) {
      // What the first bytes were like says nothing of the others.
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
