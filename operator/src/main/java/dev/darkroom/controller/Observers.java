package dev.darkroom.controller;

import dev.darkroom.controller.image.ScrubObserver;
import dev.darkroom.transfer.model.TransferObserver;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.util.function.Supplier;

/**
 * The observers of an operator.
 *
 * @param transfers observes transfers
 * @param scrubs observes scrubs
 * @param reconciles observes reconciles; each operator gets its own, because its gauges measure the
 *     queues of that operator
 */
public record Observers(
    TransferObserver transfers, ScrubObserver scrubs, Supplier<Metrics> reconciles) {

  /** No observers. */
  public static Observers none() {
    return new Observers(TransferObserver.none(), ScrubObserver.none(), () -> Metrics.NOOP);
  }
}
