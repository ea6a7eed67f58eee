package dev.darkroom.observe;

import dev.darkroom.controller.Observers;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.transfer.model.TransferObserver;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What this process tells of itself. Safe for use by many threads. */
public final class Telemetry implements AutoCloseable {

  /** What the library that reconciles names its figures. */
  private static final String RECONCILE_PREFIX = "operator.sdk.";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final StoreMetrics stores = new StoreMetrics(registry);
  private final Optional<OpenTelemetrySdk> traces;
  private final Observers observers;

  private Telemetry(Optional<OpenTelemetrySdk> traces) {
    this.traces = traces;
    List<TransferObserver> all = new ArrayList<>();
    all.add(new TransferMetrics(registry, System::nanoTime));
    traces.ifPresent(sdk -> all.add(new TransferTraces(sdk.getTracer("dev.darkroom"))));
    this.observers =
        new Observers(TransferObserver.all(all), new ScrubMetrics(registry), this::reconciles);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  /**
   * Begins to count, and to trace where somebody collects that.
   *
   * @param collector base URL of an OpenTelemetry collector that takes OTLP over HTTP; empty to
   *     trace nothing
   */
  public static Telemetry start(Optional<String> collector) {
    return new Telemetry(collector.map(Collector::connect));
  }

  /** Hear what there is to tell. */
  public Observers observers() {
    return observers;
  }

  /** All figures as Prometheus reads them. */
  public String scrape(Supplier<Collection<StoreFigures>> inventory) {
    stores.show(inventory.get());
    return registry.scrape();
  }

  /**
   * Counts of reconciles go on from one operator of this process to the next, its gauges do not:
   * those of the one before would be read for ever, as nothing replaces a gauge.
   */
  private Metrics reconciles() {
    registry.getMeters().stream()
        .filter(Gauge.class::isInstance)
        .filter(meter -> meter.getId().getName().startsWith(RECONCILE_PREFIX))
        .forEach(registry::remove);
    return MicrometerMetrics.withoutPerResourceMetrics(registry);
  }

  /** Sends the traces that wait, which may take some seconds. */
  @Override
  public void close() {
    traces.ifPresent(OpenTelemetrySdk::close);
    garbage.close();
    registry.close();
  }
}
