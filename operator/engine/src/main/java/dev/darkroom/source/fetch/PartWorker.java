package dev.darkroom.source.fetch;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One connection of a {@link ParallelFetch}: claims one part after another and fetches it into its
 * buffer. A broken part is requested again from its first missing byte. Runs on a thread of its
 * own; an interrupt ends it.
 */
final class PartWorker implements Runnable {

  private final FetchContext context;
  private final PartWindow window;
  private final long end;

  PartWorker(FetchContext context, PartWindow window, long end) {
    this.context = context;
    this.window = window;
    this.end = end;
  }

  @Override
  public void run() {
    try {
      Optional<RangePart> part = window.claim();
      while (part.isPresent() && fetch(part.get())) {
        part = window.claim();
      }
    } catch (InterruptedException e) {
      // The fetch was closed.
    } catch (OutOfMemoryError e) {
      // This kind makes the fetch continue over one connection, which needs no buffers.
      window.fail(
          new SourceException(
              Kind.RANGE_REFUSED, "no memory for the buffers of parallel parts", e));
    } catch (RuntimeException | Error e) {
      window.fail(FetchErrors.unexpected(e));
    } finally {
      window.leave(this);
    }
  }

  /** Fetches a part with all its tries; returns whether this worker continues. */
  private boolean fetch(RangePart part) throws InterruptedException {
    RangePart.State state = RangePart.State.WAITING;
    try {
      while (true) {
        try {
          fill(part);
          state = RangePart.State.COMPLETE;
          return true;
        } catch (SourceException e) {
          Optional<RetryPolicy.Wait> wait = window.failed(this, part, e);
          if (wait.isEmpty()) {
            return false;
          }
          window.pause(part, wait.get());
        }
      }
    } finally {
      window.release(part, state);
    }
  }

  private void fill(RangePart part) throws SourceException, InterruptedException {
    if (part.isFull()) {
      return;
    }
    SourceBody body = context.reopen(part.missing());
    try {
      window.opened(part, body);
      ByteBuffer room = part.room();
      while (room.hasRemaining()) {
        int count = body.read(room);
        if (count < 0) {
          throw FetchErrors.truncated(part.missing().offset(), end);
        }
        context.receive(count);
        window.filled(part, count);
      }
      requireEnd(body, part);
    } finally {
      window.bodyEnded(part);
      body.close();
    }
  }

  private static void requireEnd(SourceBody body, RangePart part) throws SourceException {
    try {
      if (body.read(ByteBuffer.allocate(1)) >= 0) {
        throw FetchErrors.overlong(part.end());
      }
    } catch (SourceException e) {
      // The part is complete: a connection that breaks after its last byte does no harm.
      if (e.kind() != Kind.TRUNCATED && e.kind() != Kind.UNAVAILABLE) {
        throw e;
      }
    }
  }
}
