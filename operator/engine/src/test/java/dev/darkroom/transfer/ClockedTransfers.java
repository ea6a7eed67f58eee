package dev.darkroom.transfer;

import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferOptions;
import java.time.Clock;
import java.util.function.Consumer;

/** Transfers with another clock for the time of day; they measure time with the system's. */
public final class ClockedTransfers {

  private ClockedTransfers() {}

  /** As {@link Transfers#Transfers(TransferOptions, Consumer)}, with a clock that may jump. */
  public static Transfers of(TransferOptions options, Consumer<String> listener, Clock clock) {
    return new Transfers(
        options,
        listener,
        TransferObserver.none(),
        StoreTimeouts.defaults(),
        clock,
        System::nanoTime);
  }
}
