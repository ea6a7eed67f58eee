package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Bytes over one connection after another, read straight into the reader's buffer. A connection
 * that breaks is replaced by one that goes on behind the last byte.
 */
final class SequentialFetch implements Fetch.Stage {

  private final FetchContext context;
  private final RetryPolicy persistence;
  private final OptionalLong end;
  private final ByteBuffer probe = ByteBuffer.allocate(1);

  /** Where the current body ends; it belongs to the reader's thread. */
  private OptionalLong bodyEnd;

  private long position;
  private boolean ended;
  private Optional<SourceException> broke = Optional.empty();

  private final Object lock = new Object();
  private SourceBody body;
  private OpenRequest opening;
  private boolean closed;

  /**
   * Begins with a body that is there already.
   *
   * @param bodyEnd the offset at which it ends, if that is known
   * @param end the offset at which the stretch ends, if that is known; not before the body's
   */
  SequentialFetch(FetchContext context, SourceBody body, OptionalLong bodyEnd, OptionalLong end) {
    this.context = context;
    this.persistence = context.persistence();
    this.position = context.position();
    this.body = body;
    this.bodyEnd = bodyEnd;
    this.end = end;
  }

  /** From where the reader is to the end of all. */
  SequentialFetch(FetchContext context) {
    this.context = context;
    this.persistence = context.persistence();
    this.position = context.position();
    this.bodyEnd = OptionalLong.empty();
    this.end = context.length();
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    while (!ended) {
      try {
        SourceBody current = current();
        int count = isBeyond(bodyEnd) ? endOf(current) : readSome(current, into);
        if (count > 0) {
          position += count;
          context.receive(count);
          persistence.progressed();
          return count;
        }
        finish(current);
      } catch (SourceException e) {
        goOnAfter(e);
      }
    }
    return -1;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (body != null) {
        body.close();
      }
      if (opening != null) {
        opening.close();
      }
      lock.notifyAll();
    }
  }

  private SourceBody current() throws SourceException {
    OpenRequest asked;
    synchronized (lock) {
      requireOpen();
      if (body != null) {
        return body;
      }
      opening = new OpenRequest(context, new ByteRange(position, end.orElseThrow() - position));
      asked = opening;
    }
    SourceBody opened = asked.await();
    synchronized (lock) {
      opening = null;
      body = opened;
      bodyEnd = end;
      if (closed) {
        opened.close();
        throw FetchErrors.closed();
      }
      return opened;
    }
  }

  private int readSome(SourceBody current, ByteBuffer into) throws SourceException {
    int limit = into.limit();
    long room = bodyEnd.isPresent() ? bodyEnd.getAsLong() - position : Long.MAX_VALUE;
    into.limit(into.position() + (int) Math.min(into.remaining(), room));
    try {
      return current.read(into);
    } finally {
      into.limit(limit);
    }
  }

  /** After the last byte of a body has come it must say so itself. */
  private int endOf(SourceBody current) throws SourceException {
    if (current.read(probe.clear()) >= 0) {
      throw FetchErrors.overlong(bodyEnd.orElse(position));
    }
    return -1;
  }

  private void finish(SourceBody current) throws SourceException {
    if (bodyEnd.isPresent() && position < bodyEnd.getAsLong()) {
      throw FetchErrors.truncated(position, bodyEnd.getAsLong());
    }
    current.close();
    synchronized (lock) {
      body = null;
    }
    ended = end.isEmpty() || isBeyond(end);
  }

  private void goOnAfter(SourceException failure) throws SourceException {
    synchronized (lock) {
      if (closed) {
        throw failure;
      }
      if (body != null) {
        body.close();
        body = null;
      }
      opening = null;
    }
    // At the end the source has the last word: it may have verified what it sent.
    if (!context.isResumable() || end.isEmpty() || isBeyond(end)) {
      throw failure;
    }
    RetryPolicy.Wait wait = waitAfter(failure);
    context.breakOff();
    context.throughput().check();
    pause(wait, failure);
  }

  /** That no range is served is no news where none were; what broke before it is the trouble. */
  private RetryPolicy.Wait waitAfter(SourceException failure) throws SourceException {
    boolean refused = failure.kind() == SourceException.Kind.RANGE_REFUSED;
    if (refused && !context.provedRanges()) {
      throw broke.orElse(failure);
    }
    try {
      return persistence.failed(failure);
    } catch (SourceException last) {
      throw refused ? broke.orElse(last) : last;
    } finally {
      if (!refused) {
        broke = Optional.of(failure);
      }
    }
  }

  private void pause(RetryPolicy.Wait wait, SourceException failure) throws SourceException {
    long until = System.nanoTime() + wait.atLeast().toNanos();
    synchronized (lock) {
      long left = until - System.nanoTime();
      while (left > 0 && !closed) {
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw failure;
        }
        left = until - System.nanoTime();
      }
      requireOpen();
    }
    if (wait.asked() == RetryPolicy.Wait.Asked.BY_THE_SOURCE) {
      context.throughput().begin();
    } else {
      context.throughput().check();
    }
  }

  private boolean isBeyond(OptionalLong offset) {
    return offset.isPresent() && position >= offset.getAsLong();
  }

  private void requireOpen() throws SourceException {
    if (closed) {
      throw FetchErrors.closed();
    }
  }
}
