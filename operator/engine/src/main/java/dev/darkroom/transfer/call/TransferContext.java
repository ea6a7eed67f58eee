package dev.darkroom.transfer.call;

import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.TransferObserver;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What a transfer works with.
 *
 * @param threads as many as it asks for
 * @param chunks the memory it may use
 * @param patience how long it waits for stores
 * @param throttle how fast it may read from sources, with all others
 * @param fetch how it reads from them
 * @param nanoTime measures time
 * @param journey hears what is written
 */
public record TransferContext(
    Executor threads,
    Chunks chunks,
    StoreTimeouts patience,
    Throttle throttle,
    FetchOptions fetch,
    LongSupplier nanoTime,
    TransferObserver.Journey journey) {

  /** The same with other threads. */
  public TransferContext with(Executor others) {
    return new TransferContext(others, chunks, patience, throttle, fetch, nanoTime, journey);
  }
}
