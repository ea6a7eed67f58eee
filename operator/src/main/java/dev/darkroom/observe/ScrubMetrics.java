package dev.darkroom.observe;

import dev.darkroom.controller.image.ScrubObserver;
import dev.darkroom.transfer.model.CopyHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;

/** Counts scrubs and their results by store. */
final class ScrubMetrics implements ScrubObserver {

  private static final List<Class<? extends CopyHealth>> ALL =
      List.of(
          CopyHealth.Good.class,
          CopyHealth.Missing.class,
          CopyHealth.Corrupt.class,
          CopyHealth.Unreadable.class);

  private final MeterRegistry registry;

  ScrubMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void scrubbed(String store, long bytes, CopyHealth health) {
    // All counters: a counter that starts at 1 does not show as an increase in Prometheus.
    ALL.forEach(outcome -> counter(store, outcome).increment(outcome.isInstance(health) ? 1 : 0));
    Counter.builder("darkroom.scrub.read")
        .description("Bytes that scrubs read.")
        .baseUnit("bytes")
        .tag("store", store)
        .register(registry)
        .increment((double) bytes);
  }

  private Counter counter(String store, Class<? extends CopyHealth> outcome) {
    return Counter.builder("darkroom.scrubs.ended")
        .description("Scrubs of copies, by result.")
        .tag("store", store)
        .tag("outcome", outcome.getSimpleName().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
