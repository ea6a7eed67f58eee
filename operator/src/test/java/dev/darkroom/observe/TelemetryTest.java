package dev.darkroom.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferRequest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {

  private static final Map<String, String> CONTEXT = Map.of("namespace", "team", "name", "fedora");
  private static final Failure GONE =
      Failure.of(Reason.SOURCE_NOT_FOUND, "The source does not exist.");

  private final AtomicLong nanos = new AtomicLong();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  @TempDir private Path directory;
  private WebClient client;
  private FilesystemStore store;

  @BeforeEach
  void open() throws IOException {
    store = FilesystemStore.open(directory);
    client = new WebClient(WebLimits.defaults(), AddressPolicy.defaults());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    client.close();
  }

  @Test
  void aTransferIsCountedInEachStage() throws IOException {
    TransferMetrics metrics = new TransferMetrics(registry, nanos::get);
    TransferObserver.Recorder journey = metrics.submitted("id", request(), CONTEXT);
    assertThat(registry.scrape()).contains("darkroom_transfers_queued 1.0");

    pass(Duration.ofSeconds(3));
    journey.entered(Progress.Stage.PREFLIGHT);
    journey.entered(Progress.Stage.IMPORTING);
    journey.read(4096);
    journey.wrote("fast", 4096);
    pass(Duration.ofSeconds(20));

    assertThat(registry.scrape())
        .contains("darkroom_transfers_queued 0.0")
        .contains("darkroom_transfers_running 1.0")
        .contains("darkroom_transfer_read_bytes_total{source=\"web\"} 4096.0")
        .contains("darkroom_transfer_written_bytes_total{store=\"fast\"} 4096.0")
        .contains("darkroom_transfer_stage_seconds_sum{source=\"web\",stage=\"queued\"} 3.0");

    journey.ended(new Outcome.Failed(GONE));

    assertThat(registry.scrape())
        .contains("darkroom_transfers_running 0.0")
        .contains("darkroom_transfer_stage_seconds_sum{source=\"web\",stage=\"importing\"} 20.0")
        .contains(
            "darkroom_transfers_ended_total{outcome=\"failed\",reason=\"SourceNotFound\","
                + "source=\"web\"} 1.0");
  }

  @Test
  void bytesFromTheStagingDirectoryAreNotCountedAsRead() throws IOException {
    TransferObserver.Recorder journey =
        new TransferMetrics(registry, nanos::get).submitted("id", request(), CONTEXT);

    journey.entered(Progress.Stage.RESUMING);
    journey.read(4096);

    assertThat(registry.scrape())
        .contains("darkroom_transfer_read_bytes_total{source=\"web\"} 0.0");
  }

  @Test
  void aTransferThatEndsInTheQueueIsNotCountedAsQueued() throws IOException {
    TransferMetrics metrics = new TransferMetrics(registry, nanos::get);

    metrics.submitted("id", request(), CONTEXT).ended(new Outcome.Cancelled());

    assertThat(registry.scrape())
        .contains("darkroom_transfers_queued 0.0")
        .contains("darkroom_transfers_running 0.0");
  }

  @Test
  void aDeletedStoreHasNoMetrics() {
    StoreMetrics stores = new StoreMetrics(registry);

    stores.show(
        List.of(
            new StoreFigures(
                "fast",
                true,
                2,
                8192,
                OptionalLong.of(1 << 20),
                Optional.of(Instant.ofEpochSecond(1_790_000_000L)),
                1,
                Map.of("available", 2L))));

    assertThat(registry.scrape())
        .contains("darkroom_store_ready{store=\"fast\"} 1.0")
        .contains("darkroom_store_used_bytes{store=\"fast\"} 8192.0")
        .contains("darkroom_store_available_bytes{store=\"fast\"} 1048576.0")
        .contains("darkroom_store_copies_overdue{store=\"fast\"} 1.0")
        .contains("darkroom_store_oldest_verification_timestamp_seconds{store=\"fast\"} 1.79E9")
        .contains("darkroom_store_copies{state=\"available\",store=\"fast\"} 2.0");

    stores.show(List.of());

    assertThat(registry.scrape()).doesNotContain("store=\"fast\"");
  }

  @Test
  void scrubsAreCountedByResultAndOtherResultsAreZero() {
    ScrubMetrics scrubs = new ScrubMetrics(registry);

    scrubs.scrubbed("fast", 4096, new CopyHealth.Good());
    scrubs.scrubbed("fast", 1024, new CopyHealth.Corrupt("other bytes"));

    assertThat(registry.scrape())
        .contains("darkroom_scrubs_ended_total{outcome=\"good\",store=\"fast\"} 1.0")
        .contains("darkroom_scrubs_ended_total{outcome=\"corrupt\",store=\"fast\"} 1.0")
        .contains("darkroom_scrubs_ended_total{outcome=\"missing\",store=\"fast\"} 0.0")
        .contains("darkroom_scrubs_ended_total{outcome=\"unreadable\",store=\"fast\"} 0.0")
        .contains("darkroom_scrub_read_bytes_total{store=\"fast\"} 5120.0");
  }

  @Test
  void anImportIsOneTreeOfSpansWithItsOutcome() throws IOException {
    List<SpanData> ended;
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build()) {
      TransferObserver.Recorder journey =
          new TransferTraces(provider.get("test")).submitted("id", request(), CONTEXT);
      journey.entered(Progress.Stage.PREFLIGHT);
      journey.read(7);
      journey.ended(new Outcome.Failed(GONE));
      ended = spans.getFinishedSpanItems();
    }

    assertThat(ended)
        .extracting(SpanData::getName)
        .containsExactly("queued", "preflight", "import");
    SpanData root = ended.get(2);
    assertThat(ended.subList(0, 2))
        .allMatch(span -> span.getParentSpanId().equals(root.getSpanId()));
    assertThat(root.getStatus())
        .isEqualTo(StatusData.create(StatusData.error().getStatusCode(), "SourceNotFound"));
    assertThat(root.getAttributes().get(AttributeKey.stringKey("darkroom.namespace")))
        .isEqualTo("team");
    assertThat(root.getAttributes().get(AttributeKey.longKey("darkroom.bytes_read"))).isEqualTo(7);
    assertThat(root.getAttributes().asMap().values())
        .as("no part of the URL: it may hold a token")
        .noneMatch(value -> String.valueOf(value).contains("token"));
  }

  @Test
  void metricsOfTheProcessNeedNoCollector() {
    try (Telemetry telemetry = Telemetry.start(Optional.empty())) {
      assertThat(telemetry.scrape(List::of))
          .contains("jvm_memory_used_bytes")
          .contains("darkroom_transfers_queued 0.0");
    }
  }

  private TransferRequest request() throws IOException {
    WebSource source = new WebSource("https://example.com/disk?token=secret", client);
    Target target = new Target("fast", store, BlobKey.of("team", "fedora", "content"));
    return TransferRequest.of(source, List.of(target)).build();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
