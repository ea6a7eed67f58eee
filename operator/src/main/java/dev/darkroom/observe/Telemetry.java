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

/** Metrics and traces of this process. Thread-safe. */
public final class Telemetry implements AutoCloseable {

  /** The prefix of the metrics of Java Operator SDK. */
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
   * Starts metrics, and traces with a collector.
   *
   * @param collector base URL of an OpenTelemetry collector (OTLP over HTTP); empty for no traces
   */
  public static Telemetry start(Optional<String> collector) {
    return new Telemetry(collector.map(Collector::connect));
  }

  /** The observers that feed metrics and traces. */
  public Observers observers() {
    return observers;
  }

  /** All metrics in the Prometheus text format. */
  public String scrape(Supplier<Collection<StoreFigures>> inventory) {
    stores.show(inventory.get());
    return registry.scrape();
  }

  /**
   * Metrics of reconciles for a new operator in this process. Counters continue; gauges of the
   * earlier operator are removed, as a new gauge does not replace them.
   */
  private Metrics reconciles() {
    registry.getMeters().stream()
        .filter(Gauge.class::isInstance)
        .filter(meter -> meter.getId().getName().startsWith(RECONCILE_PREFIX))
        .forEach(registry::remove);
    return MicrometerMetrics.withoutPerResourceMetrics(registry);
  }

  /** Sends buffered traces; may take some seconds. */
  @Override
  public void close() {
    traces.ifPresent(OpenTelemetrySdk::close);
    garbage.close();
    registry.close();
  }
}
