package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads bytes over one connection at a time, straight into the reader's buffer. After a broken
 * connection a new request continues behind the last byte. Used by the reader's thread; {@link
 * #close} is thread-safe.
 */
final class SequentialFetch implements RangeReader {

  private final FetchContext context;
  private final RetryPolicy retryPolicy;
  private final OptionalLong end;
  private final ByteBuffer probe = ByteBuffer.allocate(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  // Used by the reader's thread alone.
  private OptionalLong bodyEnd;
  private long position;
  private boolean ended;
  private Optional<SourceException> lastFailure = Optional.empty();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<SourceBody> body;

  @GuardedBy("lock")
  private Optional<OpenRequest> request = Optional.empty();

  /**
   * Starts with an open body.
   *
   * @param bodyEnd the offset at which the body ends, if known
   * @param end the offset at which the range ends, if known; at least {@code bodyEnd}
   */
  SequentialFetch(FetchContext context, SourceBody body, OptionalLong bodyEnd, OptionalLong end) {
    this.context = context;
    this.retryPolicy = context.retryPolicy();
    this.position = context.position();
    this.body = Optional.of(body);
    this.bodyEnd = bodyEnd;
    this.end = end;
  }

  /** Reads from the reader's position to the end of the source. */
  SequentialFetch(FetchContext context) {
    this.context = context;
    this.retryPolicy = context.retryPolicy();
    this.position = context.position();
    this.body = Optional.empty();
    this.bodyEnd = OptionalLong.empty();
    this.end = context.length();
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    while (!ended) {
      try {
        SourceBody current = current();
        int count = isReached(bodyEnd) ? readEnd(current) : readSome(current, into);
        if (count > 0) {
          position += count;
          context.receive(count);
          retryPolicy.progressed();
          return count;
        }
        finish(current);
      } catch (SourceException e) {
        continueAfter(e);
      }
    }
    return -1;
  }

  @Override
  public void close() {
    closed.countDown();
    synchronized (lock) {
      body.ifPresent(SourceBody::close);
      request.ifPresent(OpenRequest::close);
    }
  }

  private SourceBody current() throws SourceException {
    OpenRequest sent;
    synchronized (lock) {
      requireOpen();
      if (body.isPresent()) {
        return body.get();
      }
      sent = new OpenRequest(context, new ByteRange(position, end.orElseThrow() - position));
      request = Optional.of(sent);
    }
    SourceBody opened = sent.await();
    synchronized (lock) {
      request = Optional.empty();
      body = Optional.of(opened);
      bodyEnd = end;
      if (isClosed()) {
        opened.close();
        throw FetchErrors.closed();
      }
      return opened;
    }
  }

  private int readSome(SourceBody current, ByteBuffer into) throws SourceException {
    int limit = into.limit();
    long left = bodyEnd.isPresent() ? bodyEnd.getAsLong() - position : Long.MAX_VALUE;
    into.limit(into.position() + (int) Math.min(into.remaining(), left));
    try {
      return current.read(into);
    } finally {
      into.limit(limit);
    }
  }

  /** Requires that the body ends after its last byte. */
  private int readEnd(SourceBody current) throws SourceException {
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
      body = Optional.empty();
    }
    ended = end.isEmpty() || isReached(end);
  }

  private void continueAfter(SourceException failure) throws SourceException {
    synchronized (lock) {
      if (isClosed()) {
        throw failure;
      }
      body.ifPresent(SourceBody::close);
      body = Optional.empty();
      request = Optional.empty();
    }
    // A failure at the end is final: the source may have verified the bytes that it sent.
    if (!context.isResumable() || end.isEmpty() || isReached(end)) {
      throw failure;
    }
    RetryPolicy.Wait wait = waitAfter(failure);
    context.breakOff();
    context.throughput().check();
    pause(wait, failure);
  }

  /**
   * Returns how long to wait before the next try. When the source has never served ranges, a
   * refused range is expected: the failure before it is the one to report.
   */
  private RetryPolicy.Wait waitAfter(SourceException failure) throws SourceException {
    boolean refused = failure.kind() == SourceException.Kind.RANGE_REFUSED;
    if (refused && !context.provedRanges()) {
      throw lastFailure.orElse(failure);
    }
    try {
      return retryPolicy.failed(failure);
    } catch (SourceException last) {
      throw refused ? lastFailure.orElse(last) : last;
    } finally {
      if (!refused) {
        lastFailure = Optional.of(failure);
      }
    }
  }

  private void pause(RetryPolicy.Wait wait, SourceException failure) throws SourceException {
    try {
      if (closed.await(wait.atLeast().toNanos(), TimeUnit.NANOSECONDS)) {
        throw FetchErrors.closed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
    if (wait.askedBy() == RetryPolicy.Wait.AskedBy.SOURCE) {
      context.throughput().begin();
    } else {
      context.throughput().check();
    }
  }

  private boolean isReached(OptionalLong offset) {
    return offset.isPresent() && position >= offset.getAsLong();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void requireOpen() throws SourceException {
    if (isClosed()) {
      throw FetchErrors.closed();
    }
  }
}
