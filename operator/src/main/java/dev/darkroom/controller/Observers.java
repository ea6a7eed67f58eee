package dev.darkroom.controller;

import dev.darkroom.transfer.TransferObserver;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;

/**
 * Who hears what the operator does.
 *
 * @param transfers of bytes
 * @param scrubs of copies
 * @param reconciles of objects
 */
public record Observers(TransferObserver transfers, ScrubObserver scrubs, Metrics reconciles) {

  /** Nobody. */
  public static Observers none() {
    return new Observers(TransferObserver.none(), ScrubObserver.none(), Metrics.NOOP);
  }
}
