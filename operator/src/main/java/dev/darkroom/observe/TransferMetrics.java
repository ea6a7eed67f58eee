package dev.darkroom.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Metrics of transfers. Label values are bounded: types of sources, stages, reasons, and names of
 * stores, which an administrator sets.
 */
final class TransferMetrics implements TransferObserver {

  private static final String SOURCE = "source";

  /** The stages that read from the source; others read the staging directory. */
  private static final Set<Progress.Stage> FROM_SOURCE =
      EnumSet.of(Progress.Stage.STAGING, Progress.Stage.IMPORTING);

  private final MeterRegistry registry;
  private final LongSupplier nanoTime;
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  TransferMetrics(MeterRegistry registry, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    Gauge.builder("darkroom.transfers.queued", queued, AtomicInteger::get)
        .description("Transfers that wait for a slot.")
        .register(registry);
    Gauge.builder("darkroom.transfers.running", running, AtomicInteger::get)
        .description("Transfers that have a slot.")
        .register(registry);
  }

  @Override
  public Recorder submitted(String id, TransferRequest request, Map<String, String> context) {
    queued.incrementAndGet();
    return new Counted(SourceType.of(request.source()));
  }

  /** One transfer. Thread-safe: its stages may run on different threads. */
  private final class Counted implements Recorder {

    private final SourceType source;
    private final Counter read;
    private volatile Progress.Stage stage = Progress.Stage.QUEUED;

    @GuardedBy("this")
    private long since;

    Counted(SourceType source) {
      this.source = source;
      this.read =
          Counter.builder("darkroom.transfer.read")
              .description("Bytes read from sources.")
              .baseUnit("bytes")
              .tag(SOURCE, source.label())
              .register(registry);
      this.since = nanoTime.getAsLong();
    }

    @Override
    public synchronized void entered(Progress.Stage next) {
      if (stage == Progress.Stage.QUEUED) {
        queued.decrementAndGet();
        running.incrementAndGet();
      }
      leave();
      stage = next;
    }

    @Override
    public void read(long bytes) {
      if (FROM_SOURCE.contains(stage)) {
        read.increment((double) bytes);
      }
    }

    @Override
    public void wrote(String store, int bytes) {
      Counter.builder("darkroom.transfer.written")
          .description("Bytes written to stores.")
          .baseUnit("bytes")
          .tag("store", store)
          .register(registry)
          .increment(bytes);
    }

    @Override
    public synchronized void ended(Outcome outcome) {
      leave();
      (stage == Progress.Stage.QUEUED ? queued : running).decrementAndGet();
      Counter.builder("darkroom.transfers.ended")
          .description("Transfers that ended, by outcome.")
          .tag(SOURCE, source.label())
          .tag("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
          .tag("reason", reason(outcome))
          .register(registry)
          .increment();
    }

    @GuardedBy("this")
    private void leave() {
      long now = nanoTime.getAsLong();
      Timer.builder("darkroom.transfer.stage")
          .description("Time of transfers in each stage; in queued they wait for a slot.")
          .tag(SOURCE, source.label())
          .tag("stage", stage.name().toLowerCase(Locale.ROOT))
          .serviceLevelObjectives(BUCKETS)
          .register(registry)
          .record(Duration.ofNanos(now - since));
      since = now;
    }
  }

  /** From a short preflight to an import over a night. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(6)
  };

  private static String reason(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed ? failed.failure().reason().apiName() : "";
  }
}
