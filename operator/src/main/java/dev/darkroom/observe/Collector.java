package dev.darkroom.observe;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;

/**
 * Connects to an OpenTelemetry collector. The {@code OTEL_…} environment variables of the
 * OpenTelemetry specification set the rest (headers, certificates, sampling).
 */
final class Collector {

  private Collector() {}

  /**
   * Connects; spans are exported in the background.
   *
   * @param endpoint base URL; spans go to {@code /v1/traces} under it
   */
  static OpenTelemetrySdk connect(String endpoint) {
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(
            () ->
                Map.of(
                    "otel.service.name", "darkroom",
                    "otel.exporter.otlp.protocol", "http/protobuf",
                    "otel.metrics.exporter", "none",
                    "otel.logs.exporter", "none"))
        .addPropertiesCustomizer(properties -> Map.of("otel.exporter.otlp.endpoint", endpoint))
        .disableShutdownHook()
        .build()
        .getOpenTelemetrySdk();
  }
}
