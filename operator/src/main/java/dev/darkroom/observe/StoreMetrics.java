package dev.darkroom.observe;

import dev.darkroom.controller.support.StoreFigures;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Gauges of the stores. The gauges of a deleted store are removed. */
final class StoreMetrics {

  private static final String STORE = "store";

  private final MultiGauge ready;
  private final MultiGauge images;
  private final MultiGauge used;
  private final MultiGauge available;
  private final MultiGauge copies;
  private final MultiGauge overdue;
  private final MultiGauge oldest;

  StoreMetrics(MeterRegistry registry) {
    this.ready =
        MultiGauge.builder("darkroom.store.ready")
            .description("1 when the last probe of the store succeeded, 0 when not.")
            .register(registry);
    this.images =
        MultiGauge.builder("darkroom.store.images")
            .description("Images with a copy in the store.")
            .register(registry);
    this.used =
        MultiGauge.builder("darkroom.store.used")
            .description("Bytes of the copies in the store.")
            .baseUnit("bytes")
            .register(registry);
    this.available =
        MultiGauge.builder("darkroom.store.available")
            .description("Free bytes of the store; only for stores that report it.")
            .baseUnit("bytes")
            .register(registry);
    this.copies =
        MultiGauge.builder("darkroom.store.copies")
            .description("Copies by state.")
            .register(registry);
    this.overdue =
        MultiGauge.builder("darkroom.store.copies.overdue")
            .description("Good copies without a scrub for twice the scrub interval.")
            .register(registry);
    this.oldest =
        MultiGauge.builder("darkroom.store.oldest.verification.timestamp")
            .description("Unix time of the oldest last verification of a copy.")
            .baseUnit("seconds")
            .register(registry);
  }

  /** Sets the gauges. */
  void show(Collection<StoreFigures> stores) {
    ready.register(rows(stores, store -> store.ready() ? 1 : 0), true);
    images.register(rows(stores, StoreFigures::images), true);
    used.register(rows(stores, StoreFigures::usedBytes), true);
    available.register(
        rows(
            stores.stream().filter(store -> store.availableBytes().isPresent()).toList(),
            store -> store.availableBytes().getAsLong()),
        true);
    overdue.register(rows(stores, StoreFigures::overdueCopies), true);
    oldest.register(
        rows(
            stores.stream().filter(store -> store.oldestVerification().isPresent()).toList(),
            store -> store.oldestVerification().get().getEpochSecond()),
        true);
    copies.register(stores.stream().flatMap(StoreMetrics::copies).toList(), true);
  }

  private static List<Row<?>> rows(
      Collection<StoreFigures> stores, Function<StoreFigures, Number> figure) {
    return stores.stream()
        .<Row<?>>map(store -> Row.of(Tags.of(STORE, store.name()), figure.apply(store)))
        .toList();
  }

  private static Stream<Row<?>> copies(StoreFigures store) {
    return store.copies().entrySet().stream()
        .map(
            entry ->
                Row.of(Tags.of(STORE, store.name(), "state", entry.getKey()), entry.getValue()));
  }
}
