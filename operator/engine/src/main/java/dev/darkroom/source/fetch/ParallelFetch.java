package dev.darkroom.source.fetch;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes over several connections at once: each has a thread that fetches one part after another
 * into a buffer; the reader gets the parts in their order. There are at most as many buffers as
 * connections: who is ahead of the reader by as much waits for it. As long as the reader has put
 * away all that it took but {@link #IN_HAND} of a part, no more than one part for each connection
 * has to be fetched again when the process dies.
 *
 * <p>A part whose connection breaks is asked for again from where it broke. Where a source lets in
 * fewer connections than we would have, the others do the work. What can't be put right, such as
 * ranges that are no longer served, is the reader's to hear: the one that fetches in one stretch
 * has another try then.
 */
final class ParallelFetch implements Fetch.Stage {

  /** How often the reader looks whether what it waits for is slow. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** A connection may be slow for so long, and be so many times slower than others. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final double SLOW_FACTOR = 8;
  private static final int MAX_RESTARTS = 2;

  /** How much of a part the reader may have in its hands: taken, and not put away yet. */
  private static final double IN_HAND = 0.75;

  private final FetchContext context;
  private final long end;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition bytesCame = lock.newCondition();
  private final Condition workCame = lock.newCondition();
  private final Deque<RangePart> window = new ArrayDeque<>();
  private final List<Thread> workers = new ArrayList<>();
  private long next;
  private double usualRate;
  private Optional<SourceException> failure = Optional.empty();
  private boolean reading;
  private boolean closed;

  /** All from an offset to another; nothing is asked for yet. */
  ParallelFetch(FetchContext context, long begin, long end) {
    this.context = context;
    this.next = begin;
    this.end = end;
  }

  /** Has so many connections more. */
  void start(int connections) {
    lock.lock();
    try {
      for (int i = 0; i < connections && !closed; i++) {
        Thread worker = new Thread(this::work, "fetch-part");
        worker.setDaemon(true);
        workers.add(worker);
        worker.start();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    Optional<RangePart> first = awaitBytes();
    if (first.isEmpty()) {
      return -1;
    }
    RangePart part = first.get();
    ByteBuffer bytes = part.untaken();
    int count = Math.min(bytes.remaining(), into.remaining());
    into.put(bytes.limit(bytes.position() + count));
    lock.lock();
    try {
      reading = false;
      part.take(count);
      if (closed) {
        letGo();
      } else if (part.isTaken()) {
        removeFirst();
      }
    } finally {
      lock.unlock();
    }
    return count;
  }

  @Override
  public void close() {
    List<SourceBody> open = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      for (RangePart part : window) {
        if (part.body() != null) {
          open.add(part.body());
        }
      }
      workers.forEach(Thread::interrupt);
      letGo();
      bytesCame.signalAll();
      workCame.signalAll();
    } finally {
      lock.unlock();
    }
    open.forEach(SourceBody::close);
  }

  // The reader.

  /** Waits for bytes of the first part; empty when all parts are taken. */
  private Optional<RangePart> awaitBytes() throws SourceException {
    lock.lock();
    try {
      while (true) {
        requireUsable();
        if (mayAskForMore()) {
          workCame.signalAll();
        }
        RangePart first = window.peekFirst();
        if (first != null && first.isTaken()) {
          removeFirst();
        } else if (first != null && first.hasUntaken()) {
          reading = true;
          return Optional.of(first);
        } else if (first == null && next == end) {
          return Optional.empty();
        } else {
          awaitMore();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Comes back now and then without more; {@link #awaitBytes} looks again. */
  @SuppressWarnings("WaitNotInLoop") // The loop is the caller's.
  private void awaitMore() throws SourceException {
    try {
      long unused = bytesCame.awaitNanos(LOOK_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(Kind.UNAVAILABLE, "the wait for the source was interrupted", e);
    }
    RangePart first = window.peekFirst();
    if (first != null && first.isSilent()) {
      context.throughput().begin();
    } else {
      context.throughput().check();
    }
    if (first != null && isHoldingUpOthers(first)) {
      first.restart();
      first.body().close();
    }
  }

  private void requireUsable() throws SourceException {
    if (closed) {
      throw FetchErrors.closed();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** All others are there, and its connection is much slower than they were. */
  private boolean isHoldingUpOthers(RangePart first) {
    return first.body() != null
        && first.restarts() < MAX_RESTARTS
        && first.nanosOpen() > SLOW_NANOS
        && first.rate() * SLOW_FACTOR < usualRate
        && window.stream().skip(1).allMatch(part -> part.state() == RangePart.State.COMPLETE);
  }

  private void removeFirst() {
    PartBuffers.giveBack(window.removeFirst().buffer());
    workCame.signalAll();
  }

  /** Takes back the buffers that nobody is in the middle of using. */
  private void letGo() {
    RangePart first = window.peekFirst();
    window.removeIf(
        part -> {
          boolean used = part.state() == RangePart.State.FETCHING || (reading && part == first);
          if (!used) {
            PartBuffers.giveBack(part.buffer());
          }
          return !used;
        });
  }

  // The workers.

  private void work() {
    try {
      Optional<RangePart> part = claim();
      while (part.isPresent() && fetch(part.get())) {
        part = claim();
      }
    } catch (InterruptedException e) {
      // This was closed.
    } catch (OutOfMemoryError e) {
      // One stretch needs no buffers.
      fail(new SourceException(Kind.RANGE_REFUSED, "there is no memory for parts", e));
    } catch (RuntimeException | Error e) {
      fail(FetchErrors.unforeseen(e));
    } finally {
      leave();
    }
  }

  /** Waits for the first part that nobody fetches; empty when there will be none. */
  private Optional<RangePart> claim() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && failure.isEmpty()) {
        Optional<RangePart> waiting =
            window.stream().filter(part -> part.state() == RangePart.State.WAITING).findFirst();
        if (waiting.isEmpty() && mayAskForMore()) {
          waiting = Optional.of(append());
        }
        if (waiting.isPresent()) {
          waiting.get().turn(RangePart.State.FETCHING);
          return waiting;
        }
        workCame.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether another part may be asked for. */
  private boolean mayAskForMore() {
    if (next == end || window.isEmpty()) {
      return next < end;
    }
    long part = context.options().partBytes();
    int connections = context.options().connections();
    return window.size() < connections
        && next + part - context.behind((long) (IN_HAND * part)) <= connections * part;
  }

  private RangePart append() {
    long length = Math.min(context.options().partBytes(), end - next);
    ByteBuffer buffer = PartBuffers.take(Math.toIntExact(context.options().partBytes()));
    RangePart part = new RangePart(new ByteRange(next, length), buffer, context.persistence());
    window.addLast(part);
    next += length;
    return part;
  }

  /** Fetches a part with all its tries; whether this thread is to fetch others. */
  private boolean fetch(RangePart part) throws InterruptedException {
    boolean settled = false;
    try {
      while (true) {
        try {
          fill(part);
          settled = true;
          complete(part);
          return true;
        } catch (SourceException e) {
          Optional<RetryPolicy.Wait> wait = afterFailure(part, e);
          if (wait.isEmpty()) {
            return false;
          }
          pause(part, wait.get());
        }
      }
    } finally {
      if (!settled) {
        giveUp(part);
      }
    }
  }

  private void fill(RangePart part) throws SourceException, InterruptedException {
    if (part.isFull()) {
      return;
    }
    SourceBody body = context.reopen(part.missing());
    try {
      enter(part, body);
      ByteBuffer room = part.room();
      while (room.hasRemaining()) {
        int count = body.read(room);
        if (count < 0) {
          throw FetchErrors.truncated(part.missing().offset(), end);
        }
        came(part, count);
      }
      requireEnd(body, part);
    } finally {
      exit(part);
      body.close();
    }
  }

  private static void requireEnd(SourceBody body, RangePart part) throws SourceException {
    try {
      if (body.read(ByteBuffer.allocate(1)) >= 0) {
        throw FetchErrors.overlong(part.buffer().limit());
      }
    } catch (SourceException e) {
      // All bytes are here; that the connection breaks after them is no harm.
      if (e.kind() != Kind.TRUNCATED && e.kind() != Kind.UNAVAILABLE) {
        throw e;
      }
    }
  }

  private void enter(RangePart part, SourceBody body) throws SourceException {
    lock.lock();
    try {
      if (closed) {
        throw FetchErrors.closed();
      }
      part.opened(body);
    } finally {
      lock.unlock();
    }
  }

  private void came(RangePart part, int count) {
    context.receive(count);
    lock.lock();
    try {
      part.fill(count);
      if (part == window.peekFirst()) {
        bytesCame.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void exit(RangePart part) {
    lock.lock();
    try {
      if (part.isFull()) {
        usualRate = usualRate == 0 ? part.rate() : (3 * usualRate + part.rate()) / 4;
      }
      part.closed();
    } finally {
      lock.unlock();
    }
  }

  private void complete(RangePart part) {
    lock.lock();
    try {
      part.turn(RangePart.State.COMPLETE);
      bytesCame.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait before the next try; empty when this thread is to fetch no more. */
  private Optional<RetryPolicy.Wait> afterFailure(RangePart part, SourceException e) {
    lock.lock();
    try {
      if (closed || failure.isPresent()) {
        return Optional.empty();
      }
      context.breakOff();
      if (part.wasRestarted()) {
        return Optional.of(new RetryPolicy.Wait(Duration.ZERO, RetryPolicy.Wait.Asked.BY_US));
      }
      boolean othersProgressed = part.othersProgressed(context.received());
      if (e.kind() == Kind.RANGE_REFUSED) {
        throw e;
      }
      RetryPolicy.Wait wait = part.persistence().failed(e);
      if (part.persistence().fruitless() >= 2 && othersProgressed && workers.size() > 1) {
        // It lets in no more than the others.
        part.persistence().progressed();
        workers.remove(Thread.currentThread());
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

  private void pause(RangePart part, RetryPolicy.Wait wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = wait.atLeast().toNanos();
      if (wait.asked() == RetryPolicy.Wait.Asked.BY_THE_SOURCE) {
        part.silentFor(left);
      }
      while (left > 0 && !closed) {
        left = workCame.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** For another thread, if there is one. */
  private void giveUp(RangePart part) {
    lock.lock();
    try {
      part.turn(RangePart.State.WAITING);
      workCame.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(SourceException e) {
    lock.lock();
    try {
      if (failure.isEmpty()) {
        failure = Optional.of(e);
      }
      bytesCame.signalAll();
      workCame.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      workers.remove(Thread.currentThread());
      if (closed) {
        letGo();
      }
    } finally {
      lock.unlock();
    }
  }
}
