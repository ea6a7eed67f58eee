package dev.darkroom.transfer.pipeline;

import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.memory.Chunk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of the stream on a thread of its own, with a bounded queue before it. After its
 * first failure, and after it was left, it only lets go of what it is handed, so that nobody ever
 * waits for it.
 */
public final class Lane implements Runnable {

  /** What is done with each chunk, in order. */
  public interface Sink {

    /** What it is, for people. */
    String name();

    /** Takes the next bytes; none follow after it threw. */
    void accept(ByteBuffer bytes) throws Exception;

    /** Told what {@link #accept} threw, by the lane; or what is wrong with it, by the reader. */
    void failed(Throwable thrown);

    /** Asked by the reader: can the stream go on without it? */
    default boolean dispensable() {
      return false;
    }

    /** Told by the reader: nobody waits for it, and {@link #left} will be the end. */
    default void abandoned() {}

    /** Told by the lane, after it was abandoned: nothing calls it any more. */
    default void left() {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final Chunk END = new Chunk(ByteBuffer.allocate(0), buffer -> {}, () -> {});

  private final Sink sink;
  private final CancellationToken stop;
  private final LongSupplier nanoTime;
  private final BlockingQueue<Chunk> queue;
  private final AtomicInteger backlog = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object lock = new Object();
  private Optional<Thread> consuming = Optional.empty();
  private Optional<Chunk> inHand = Optional.empty();
  private long busySince;
  private boolean gone;
  private boolean done;

  /** For the reader's thread, as {@link #heldUp} is. */
  private long heldUpNanos;

  /**
   * @param capacity how many chunks can be in flight at all, so that handing one on never blocks
   */
  Lane(Sink sink, int capacity, CancellationToken stop, LongSupplier nanoTime) {
    this.sink = sink;
    this.stop = stop;
    this.nanoTime = nanoTime;
    // Besides the chunks, an end; and those in the hands of lanes that were left.
    this.queue = new ArrayBlockingQueue<>(2 * capacity + 2);
  }

  Sink sink() {
    return sink;
  }

  /** Hands on a chunk, which the lane holds from now on; never blocks. */
  void offer(Chunk chunk) {
    chunk.retain();
    backlog.incrementAndGet();
    queue.add(chunk);
  }

  /** No more chunks come. */
  void end() {
    queue.add(END);
  }

  /** How many chunks it has not dealt with. */
  int backlog() {
    return backlog.get();
  }

  /** How long the sink has been at its chunk, if it is at one. */
  OptionalLong busyNanos(long now) {
    synchronized (lock) {
      return consuming.isPresent() ? OptionalLong.of(now - busySince) : OptionalLong.empty();
    }
  }

  /** All others waited so long for this one. */
  void heldUp(long nanos) {
    heldUpNanos += nanos;
  }

  long heldUpNanos() {
    return heldUpNanos;
  }

  /** Waits until everything handed on before {@link #end} has been dealt with; whether it has. */
  boolean await(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Interrupts the sink, if it is at work. */
  void interrupt() {
    synchronized (lock) {
      consuming.ifPresent(Thread::interrupt);
    }
  }

  /**
   * Does without it from now on: takes back what it has not begun, and has its sink told when it
   * has finished what it is at, whenever that is.
   *
   * @return false when it has come to its end by itself, and its sink is not told
   */
  boolean leave() {
    synchronized (lock) {
      if (done) {
        return false;
      }
      gone = true;
      for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
        release(chunk);
      }
      inHand.ifPresent(Chunk::forfeit);
      queue.add(END);
      return true;
    }
  }

  @Override
  public void run() {
    try {
      boolean failed = false;
      for (Chunk chunk = next(); chunk != END; chunk = next()) {
        try {
          if (!failed && !stop.stopped()) {
            consume(chunk);
          }
        } catch (Throwable t) {
          failed = true;
          sink.failed(t);
        } finally {
          release(chunk);
        }
      }
    } finally {
      boolean left;
      synchronized (lock) {
        left = gone;
        done = true;
      }
      try {
        if (left) {
          sink.left();
        }
      } finally {
        ended.countDown();
      }
    }
  }

  private void consume(Chunk chunk) throws Exception {
    synchronized (lock) {
      if (gone) {
        return;
      }
      consuming = Optional.of(Thread.currentThread());
      inHand = Optional.of(chunk);
      busySince = nanoTime.getAsLong();
    }
    try {
      sink.accept(chunk.bytes());
    } finally {
      synchronized (lock) {
        consuming = Optional.empty();
        inHand = Optional.empty();
        boolean unused = Thread.interrupted();
      }
    }
  }

  private void release(Chunk chunk) {
    if (chunk != END) {
      backlog.decrementAndGet();
      chunk.release();
    }
  }

  /** Interrupts are for the sink only, see {@link #interrupt}; this wait ends with an end. */
  private Chunk next() {
    Optional<Chunk> chunk = Optional.empty();
    while (chunk.isEmpty()) {
      try {
        chunk = Optional.of(queue.take());
      } catch (InterruptedException e) {
        LOG.debug("{} was interrupted by somebody else", sink.name());
      }
    }
    return chunk.get();
  }
}
