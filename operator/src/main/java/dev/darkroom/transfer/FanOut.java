package dev.darkroom.transfer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every chunk of the stream to every lane. Used by the reader's thread alone. Whatever
 * happens, {@link #close} leaves no lane at work: only then may what they wrote to be touched.
 */
final class FanOut implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  /** How long a stopped lane may take to leave its sink before it is interrupted, and told of. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Executor threads;
  private final StopSignal stop;
  private final int capacity;
  private final List<Lane> lanes = new ArrayList<>();
  private boolean ended;

  /**
   * @param capacity how many chunks can be in flight at all
   */
  FanOut(Executor threads, StopSignal stop, int capacity) {
    this.threads = threads;
    this.stop = stop;
    this.capacity = capacity;
  }

  /** Starts a lane; before the first chunk. */
  void add(String name, Lane.Sink sink, Consumer<Throwable> onFailure) {
    Lane lane = new Lane(name, sink, capacity, stop, onFailure);
    threads.execute(lane);
    lanes.add(lane);
  }

  /** Hands the chunk on; the caller still holds it as well. */
  void offer(Chunk chunk) {
    for (Lane lane : lanes) {
      lane.offer(chunk);
    }
  }

  /**
   * Says that no chunk follows, and waits until all are dealt with.
   *
   * @throws InterruptedException when the transfer is stopped meanwhile
   */
  void drain() throws InterruptedException {
    end();
    stop.interruptibly(
        () -> {
          for (Lane lane : lanes) {
            lane.await();
          }
          return lanes;
        });
    // A stopped lane skips chunks and still comes to its end.
    stop.requireNotStopped();
  }

  @Override
  public void close() {
    end();
    for (Lane lane : lanes) {
      leave(lane);
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      lanes.forEach(Lane::end);
    }
  }

  /** Goes on whatever interrupts it: a lane left behind would write to what is being removed. */
  private static void leave(Lane lane) {
    boolean left = false;
    while (!left) {
      try {
        left = lane.await(GRACE);
        if (!left) {
          LOG.warn("{} does not return; it is interrupted and waited for", lane.name());
          lane.interrupt();
        }
      } catch (InterruptedException e) {
        LOG.debug("Interrupted while {} was waited for", lane.name());
      }
    }
  }
}
