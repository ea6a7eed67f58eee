package dev.darkroom.controller;

import dev.darkroom.controller.image.ScrubObserver;
import dev.darkroom.transfer.model.TransferObserver;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.util.function.Supplier;

/**
 * Who hears what the operator does.
 *
 * @param transfers of bytes
 * @param scrubs of copies
 * @param reconciles of objects; asked for by each operator that begins, for its gauges are of its
 *     own queues
 */
public record Observers(
    TransferObserver transfers, ScrubObserver scrubs, Supplier<Metrics> reconciles) {

  /** Nobody. */
  public static Observers none() {
    return new Observers(TransferObserver.none(), ScrubObserver.none(), () -> Metrics.NOOP);
  }
}
