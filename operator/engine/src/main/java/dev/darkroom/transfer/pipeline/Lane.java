package dev.darkroom.transfer.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.InterruptibleCall;
import dev.darkroom.transfer.memory.Chunk;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of the stream, on a thread of its own, with a bounded queue. After the first failure
 * of its sink, and after it was abandoned, it only releases its chunks, so that the reader never
 * waits for it.
 */
public final class Lane implements Runnable {

  /** Consumes the chunks, in order. */
  public interface Sink {

    /** The sink's name, for messages. */
    String name();

    /** Consumes the next bytes; not called again after an exception. */
    void accept(ByteBuffer bytes) throws Exception;

    /**
     * Takes note of a failure: the exception of {@link #accept}, on the lane's thread, or a lack of
     * progress, on the reader's thread.
     */
    void failed(Throwable thrown);

    /** Whether the stream can go on without this sink; on the reader's thread. */
    default boolean optional() {
      return false;
    }

    /** The reader waits no longer; {@link #returned} follows, if the sink ever returns. */
    default void abandoned() {}

    /** The last call of an abandoned sink has returned; on the lane's thread. */
    default void returned() {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final Chunk END = new Chunk(ByteBuffer.allocate(0), buffer -> {}, () -> {});

  /** A chunk in the hands of the sink. */
  private record Current(Chunk chunk, InterruptibleCall call, long since) {}

  private final Sink sink;
  private final CancellationToken token;
  private final LongSupplier nanoTime;
  private final BlockingQueue<Chunk> queue;
  private final AtomicInteger backlog = new AtomicInteger();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<Current> current = Optional.empty();

  @GuardedBy("lock")
  private boolean abandoned;

  @GuardedBy("lock")
  private boolean done;

  /** For the reader's thread. */
  private long slowedNanos;

  /**
   * @param capacity how many chunks can be in flight, so that a hand-over never blocks
   */
  Lane(Sink sink, int capacity, CancellationToken token, LongSupplier nanoTime) {
    this.sink = sink;
    this.token = token;
    this.nanoTime = nanoTime;
    // Besides the chunks: one end, and the chunks that abandoned lanes hold.
    this.queue = new ArrayBlockingQueue<>(2 * capacity + 2);
  }

  Sink sink() {
    return sink;
  }

  /** Hands over a chunk, which the lane holds from now on; never blocks. */
  void offer(Chunk chunk) {
    chunk.retain();
    backlog.incrementAndGet();
    queue.add(chunk);
  }

  /** Announces that no more chunks come. */
  void end() {
    queue.add(END);
  }

  /** How many chunks are not consumed yet. */
  int backlog() {
    return backlog.get();
  }

  /** How long the sink has been consuming its chunk; empty when it waits for one. */
  OptionalLong busyNanos(long now) {
    synchronized (lock) {
      return current.isPresent()
          ? OptionalLong.of(now - current.get().since())
          : OptionalLong.empty();
    }
  }

  /** Adds to the time that all other lanes waited for this one. */
  void addSlowed(long nanos) {
    slowedNanos += nanos;
  }

  /** How long all other lanes waited for this one. */
  long slowedNanos() {
    return slowedNanos;
  }

  /** Complete when everything that was handed over before {@link #end} is consumed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Interrupts the sink, if it is consuming a chunk. */
  void interrupt() {
    synchronized (lock) {
      if (current.isPresent()) {
        current.get().call().interrupt();
      }
    }
  }

  /**
   * Abandons the lane: takes back the chunks that it has not begun. {@link Sink#returned} is called
   * when the sink returns, if it ever does.
   *
   * @return false when the lane has ended by itself; then {@code returned} is not called
   */
  boolean abandon() {
    synchronized (lock) {
      if (done) {
        return false;
      }
      abandoned = true;
      for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
        release(chunk);
      }
      if (current.isPresent()) {
        current.get().chunk().forfeit();
      }
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
          if (!failed && !token.cancelled()) {
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
      boolean late;
      synchronized (lock) {
        late = abandoned;
        done = true;
      }
      try {
        if (late) {
          sink.returned();
        }
      } finally {
        ended.complete(null);
      }
    }
  }

  private void consume(Chunk chunk) throws Exception {
    InterruptibleCall call = new InterruptibleCall();
    synchronized (lock) {
      if (abandoned) {
        return;
      }
      current = Optional.of(new Current(chunk, call, nanoTime.getAsLong()));
    }
    try {
      call.run(
          () -> {
            sink.accept(chunk.bytes());
            return chunk;
          });
    } finally {
      synchronized (lock) {
        current = Optional.empty();
      }
    }
  }

  private void release(Chunk chunk) {
    if (chunk != END) {
      backlog.decrementAndGet();
      chunk.release();
    }
  }

  /** Waits for a chunk or the end; every lane gets an end, so no interrupt is needed. */
  private Chunk next() {
    Optional<Chunk> chunk = Optional.empty();
    while (chunk.isEmpty()) {
      try {
        chunk = Optional.of(queue.take());
      } catch (InterruptedException e) {
        LOG.debug("{}: ignores an interrupt between two chunks", sink.name());
      }
    }
    return chunk.get();
  }
}
