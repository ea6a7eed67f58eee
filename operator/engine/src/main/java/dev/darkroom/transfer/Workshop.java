package dev.darkroom.transfer;

import dev.darkroom.source.FetchOptions;
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
record Workshop(
    Executor threads,
    Chunks chunks,
    Patience patience,
    Throttle throttle,
    FetchOptions fetch,
    LongSupplier nanoTime,
    TransferObserver.Journey journey) {

  /** The same with other threads. */
  Workshop with(Executor others) {
    return new Workshop(others, chunks, patience, throttle, fetch, nanoTime, journey);
  }
}
