package dev.darkroom.transfer;

import dev.darkroom.transfer.model.TransferOptions;
import java.time.Clock;
import java.util.function.Consumer;

/** Transfers whose time of day is another's; how long things take they measure by themselves. */
public final class ClockedTransfers {

  private ClockedTransfers() {}

  /** As {@link Transfers#Transfers(TransferOptions, Consumer)}, by a clock that may jump. */
  public static Transfers of(TransferOptions options, Consumer<String> listener, Clock clock) {
    return new Transfers(options, listener, clock, System::nanoTime);
  }
}
