package dev.darkroom.transfer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of the stream on a thread of its own, with a bounded queue before it. After its
 * first failure it only lets go of what it is handed, so that nobody ever waits for it.
 */
final class Lane implements Runnable {

  /** What is done with each chunk, in order. */
  @FunctionalInterface
  interface Sink {
    void accept(ByteBuffer bytes) throws Exception;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final Chunk END = new Chunk(ByteBuffer.allocate(0), buffer -> {});

  private final String name;
  private final Sink sink;
  private final StopSignal stop;
  private final Consumer<Throwable> onFailure;
  private final BlockingQueue<Chunk> queue;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object interruptLock = new Object();
  private Thread consuming;

  /**
   * @param capacity how many chunks can be in flight at all, so that handing one on never blocks
   * @param onFailure told once, by the lane's thread, what the sink threw
   */
  Lane(String name, Sink sink, int capacity, StopSignal stop, Consumer<Throwable> onFailure) {
    this.name = name;
    this.sink = sink;
    this.stop = stop;
    this.onFailure = onFailure;
    this.queue = new ArrayBlockingQueue<>(capacity + 1);
  }

  String name() {
    return name;
  }

  /** Hands on a chunk, which the lane holds from now on; never blocks. */
  void offer(Chunk chunk) {
    chunk.retain();
    queue.add(chunk);
  }

  /** No more chunks come. */
  void end() {
    queue.add(END);
  }

  /** Waits until everything handed on before {@link #end} has been dealt with. */
  void await() throws InterruptedException {
    ended.await();
  }

  /** The same, for so long; whether it has. */
  boolean await(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Interrupts the sink, if it is at work. */
  void interrupt() {
    synchronized (interruptLock) {
      if (consuming != null) {
        consuming.interrupt();
      }
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
          onFailure.accept(t);
        } finally {
          chunk.release();
        }
      }
    } finally {
      ended.countDown();
    }
  }

  private void consume(Chunk chunk) throws Exception {
    synchronized (interruptLock) {
      consuming = Thread.currentThread();
    }
    try {
      sink.accept(chunk.bytes());
    } finally {
      synchronized (interruptLock) {
        consuming = null;
        boolean unused = Thread.interrupted();
      }
    }
  }

  /** Interrupts are for the sink only, see {@link #interrupt}; this wait ends with an end. */
  private Chunk next() {
    Optional<Chunk> chunk = Optional.empty();
    while (chunk.isEmpty()) {
      try {
        chunk = Optional.of(queue.take());
      } catch (InterruptedException e) {
        LOG.debug("{} was interrupted by somebody else", name);
      }
    }
    return chunk.get();
  }
}
