package dev.darkroom.transfer.call;

import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.TransferObserver;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The resources and limits of one transfer.
 *
 * @param threads an executor without a limit: each task has a thread of its own
 * @param chunks the memory
 * @param timeouts of stores
 * @param throttle the bandwidth, shared by all transfers
 * @param fetch how sources are read
 * @param nanoTime measures time, as {@link System#nanoTime} does
 * @param recorder records what is read and written
 */
public record TransferContext(
    Executor threads,
    Chunks chunks,
    StoreTimeouts timeouts,
    Throttle throttle,
    FetchOptions fetch,
    LongSupplier nanoTime,
    TransferObserver.Recorder recorder) {

  /** The same context with another executor. */
  public TransferContext with(Executor others) {
    return new TransferContext(others, chunks, timeouts, throttle, fetch, nanoTime, recorder);
  }
}
