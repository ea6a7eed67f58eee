package dev.darkroom.source.fetch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parts between the reader and the end of what has been requested. Workers claim parts and fill
 * them; one reader takes the bytes of the first part. Thread-safe: one lock guards the parts and
 * the workers.
 */
final class PartWindow {

  /** How often the reader checks whether the part that it waits for is slow. */
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final FetchContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition bytesCame = lock.newCondition();
  private final Condition workCame = lock.newCondition();

  @GuardedBy("lock")
  private final PartQueue parts;

  @GuardedBy("lock")
  private final Set<PartWorker> workers = new HashSet<>();

  @GuardedBy("lock")
  private Optional<SourceException> failure = Optional.empty();

  /** Whether the reader is copying bytes out of the first part. */
  @GuardedBy("lock")
  private boolean reading;

  @GuardedBy("lock")
  private boolean closed;

  /** Covers the bytes from one offset to another; sends no request. */
  PartWindow(FetchContext context, long begin, long end) {
    this.context = context;
    this.parts = new PartQueue(context, begin, end);
  }

  /** Ends all waits. Returns the open bodies, which the caller closes; none at a second call. */
  List<SourceBody> close() {
    lock.lock();
    try {
      if (closed) {
        return List.of();
      }
      closed = true;
      List<SourceBody> open = parts.bodies();
      parts.removeUnused(reading);
      bytesCame.signalAll();
      workCame.signalAll();
      return open;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for bytes of the first part. The caller may read the buffer until {@link #taken}.
   *
   * @return empty when all bytes are taken
   */
  Optional<ByteBuffer> awaitBytes() throws SourceException {
    lock.lock();
    try {
      while (true) {
        requireUsable();
        if (parts.mayAppend()) {
          workCame.signalAll();
        }
        Optional<RangePart> first = parts.first();
        if (first.isPresent() && first.get().isTaken()) {
          parts.removeFirst();
        } else if (first.isPresent() && first.get().hasUntaken()) {
          reading = true;
          return Optional.of(first.get().untaken());
        } else if (parts.isDone()) {
          return Optional.empty();
        } else {
          awaitMore();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes how many of the bytes that {@link #awaitBytes} returned were taken. */
  void taken(int count) {
    lock.lock();
    try {
      reading = false;
      RangePart first = parts.first().orElseThrow();
      first.take(count);
      if (closed) {
        parts.removeUnused(reading);
      } else if (first.isTaken()) {
        parts.removeFirst();
        workCame.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for at most {@link #CHECK_NANOS}; {@link #awaitBytes} checks again. */
  @GuardedBy("lock")
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  private void awaitMore() throws SourceException {
    try {
      long unused = bytesCame.awaitNanos(CHECK_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw FetchErrors.interrupted(e);
    }
    if (parts.first().filter(RangePart::isSilent).isPresent()) {
      context.throughput().begin();
    } else {
      context.throughput().check();
    }
    parts.restartSlowFirst();
  }

  @GuardedBy("lock")
  private void requireUsable() throws SourceException {
    if (closed) {
      throw FetchErrors.closed();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** Registers a worker before it starts; false when the window is closed. */
  boolean join(PartWorker worker) {
    lock.lock();
    try {
      return !closed && workers.add(worker);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a worker that has ended. */
  void leave(PartWorker worker) {
    lock.lock();
    try {
      workers.remove(worker);
      if (closed) {
        parts.removeUnused(reading);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a part to fetch; empty when there will be none. */
  Optional<RangePart> claim() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && failure.isEmpty()) {
        Optional<RangePart> claimed = parts.claim();
        if (claimed.isPresent()) {
          return claimed;
        }
        workCame.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Notes the open body of a part. */
  void opened(RangePart part, SourceBody body) throws SourceException {
    lock.lock();
    try {
      requireUsable();
      part.opened(body);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that so many bytes were added to a part. */
  void filled(RangePart part, int count) {
    lock.lock();
    try {
      part.fill(count);
      if (parts.first().filter(part::equals).isPresent()) {
        bytesCame.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the body of a part is no longer used. */
  void bodyEnded(RangePart part) {
    lock.lock();
    try {
      if (part.isFull()) {
        parts.countRate(part);
      }
      part.closed();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes a failed request for a part.
   *
   * @return how long to wait before the next try; empty when the worker has to end
   */
  Optional<RetryPolicy.Wait> failed(PartWorker worker, RangePart part, SourceException e) {
    lock.lock();
    try {
      if (closed || failure.isPresent()) {
        return Optional.empty();
      }
      context.breakOff();
      if (part.wasRestarted()) {
        return Optional.of(new RetryPolicy.Wait(Duration.ZERO, RetryPolicy.Wait.AskedBy.FETCH));
      }
      boolean othersProgressed = part.othersProgressed(context.received());
      if (e.kind() == SourceException.Kind.RANGE_REFUSED) {
        throw e;
      }
      RetryPolicy.Wait wait = part.retryPolicy().failed(e);
      if (part.retryPolicy().fruitless() >= 2 && othersProgressed && workers.size() > 1) {
        // The source accepts no further connection: the other workers take over.
        part.retryPolicy().progressed();
        workers.remove(worker);
        return Optional.empty();
      }
      return Optional.of(wait);
    } catch (SourceException last) {
      fail(last);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits before the next try of a part; a close ends the wait. */
  void pause(RangePart part, RetryPolicy.Wait wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = wait.atLeast().toNanos();
      if (wait.askedBy() == RetryPolicy.Wait.AskedBy.SOURCE) {
        part.silentFor(left);
      }
      while (left > 0 && !closed) {
        left = workCame.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends a worker's use of a part, which is complete or waits for another worker. */
  void release(RangePart part, RangePart.State state) {
    lock.lock();
    try {
      part.turn(state);
      bytesCame.signal();
      workCame.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the fetch with a failure, which the reader gets; the first one counts. */
  void fail(SourceException e) {
    lock.lock();
    try {
      failure = failure.or(() -> Optional.of(e));
      bytesCame.signalAll();
      workCame.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
