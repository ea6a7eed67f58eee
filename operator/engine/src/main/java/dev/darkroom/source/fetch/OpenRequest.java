package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;

/**
 * A request that another thread makes, so that whoever waits for its answer can be let go of by
 * {@link #close} without an interrupt of its own.
 */
final class OpenRequest {

  private final FetchContext context;
  private final ByteRange range;
  private final Thread thread;
  private SourceBody body;
  private SourceException failure;
  private boolean done;
  private boolean closed;

  OpenRequest(FetchContext context, ByteRange range) {
    this.context = context;
    this.range = range;
    this.thread = new Thread(this::run, "fetch-reopen");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits for the answer.
   *
   * @throws SourceException as the source says, or because this was closed
   */
  synchronized SourceBody await() throws SourceException {
    while (!done && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new SourceException(Kind.UNAVAILABLE, "the wait for the source was interrupted", e);
      }
    }
    if (closed) {
      throw new SourceException(Kind.UNAVAILABLE, "the source was closed while it was asked");
    }
    if (failure != null) {
      throw failure;
    }
    return body;
  }

  /** Ends the wait; an answer that comes all the same is thrown away. */
  synchronized void close() {
    closed = true;
    thread.interrupt();
    notifyAll();
  }

  private void run() {
    try {
      settle(context.reopen(range), null);
    } catch (SourceException e) {
      settle(null, e);
    } catch (InterruptedException e) {
      settle(null, new SourceException(Kind.UNAVAILABLE, "the source was let go of", e));
    } catch (RuntimeException | Error e) {
      settle(null, FetchErrors.unforeseen(e));
    }
  }

  private synchronized void settle(SourceBody opened, SourceException failed) {
    done = true;
    body = opened;
    failure = failed;
    if (closed && opened != null) {
      opened.close();
    }
    notifyAll();
  }
}
