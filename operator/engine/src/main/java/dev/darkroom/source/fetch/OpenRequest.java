package dev.darkroom.source.fetch;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One request for a range, made on a thread of its own: {@link #close} ends the wait for its answer
 * without an interrupt of the waiting thread. Thread-safe; {@link #await} is called once.
 */
final class OpenRequest {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(DaemonThreads.named("fetch-open-"));

  private final CompletableFuture<SourceBody> answer = new CompletableFuture<>();
  private final Future<?> asking;

  /** Sends the request. */
  OpenRequest(FetchContext context, ByteRange range) {
    asking = THREADS.submit(() -> ask(context, range));
  }

  /**
   * Waits for the answer. The caller closes the body.
   *
   * @throws SourceException the failure of the request; {@code UNAVAILABLE} after a close or an
   *     interrupt
   */
  SourceBody await() throws SourceException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SourceException failure
          ? failure
          : FetchErrors.unexpected(e.getCause());
    } catch (InterruptedException e) {
      close();
      // The answer may have come before the close.
      answer.thenAccept(SourceBody::close);
      Thread.currentThread().interrupt();
      throw FetchErrors.interrupted(e);
    }
  }

  /** Ends the wait and cancels the request; a later answer is closed. */
  void close() {
    answer.completeExceptionally(FetchErrors.closed());
    asking.cancel(true);
  }

  private void ask(FetchContext context, ByteRange range) {
    try {
      SourceBody body = context.reopen(range);
      if (!answer.complete(body)) {
        body.close();
      }
    } catch (InterruptedException e) {
      answer.completeExceptionally(FetchErrors.interrupted(e));
    } catch (SourceException | RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }
}
