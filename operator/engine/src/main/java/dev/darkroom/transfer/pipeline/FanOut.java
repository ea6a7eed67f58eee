package dev.darkroom.transfer.pipeline;

import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.memory.Chunk;
import dev.darkroom.transfer.memory.Chunks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every chunk of the stream to every lane. Used by the reader's thread alone. After {@link
 * #close} no lane is at work, but those whose sink does not return: they were told that they are
 * left, and clean up by themselves if it ever does.
 */
final class FanOut implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  /** How often it is asked who holds up the others. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Executor threads;
  private final CancellationToken stop;
  private final Chunks chunks;
  private final StoreTimeouts patience;
  private final LongSupplier nanoTime;
  private final LagWatch watch;
  private final List<Lane> lanes = new ArrayList<>();
  private boolean ended;

  FanOut(TransferContext context, CancellationToken stop) {
    this.threads = context.threads();
    this.stop = stop;
    this.chunks = context.chunks();
    this.patience = context.patience();
    this.nanoTime = context.nanoTime();
    this.watch = new LagWatch(patience, nanoTime);
  }

  /** Starts a lane; before the first chunk. */
  void add(Lane.Sink sink) {
    Lane lane = new Lane(sink, chunks.limit(), stop, nanoTime);
    threads.execute(lane);
    lanes.add(lane);
  }

  /**
   * An empty chunk; waits until the lanes are done with one.
   *
   * @throws InterruptedException when the transfer is stopped meanwhile, which it is when a lane
   *     that it needs hangs
   */
  Chunk acquire() throws InterruptedException {
    while (true) {
      long before = nanoTime.getAsLong();
      Optional<Chunk> chunk = stop.interruptibly(() -> chunks.acquire(LOOK));
      if (chunk.isPresent()) {
        return chunk.get();
      }
      waited(nanoTime.getAsLong() - before);
    }
  }

  /** How long a full chunk is. */
  int chunkBytes() {
    return chunks.bytesEach();
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
    for (Lane lane : List.copyOf(lanes)) {
      while (lanes.contains(lane)) {
        long before = nanoTime.getAsLong();
        if (stop.interruptibly(() -> lane.await(LOOK))) {
          break;
        }
        waited(nanoTime.getAsLong() - before);
      }
    }
    // A stopped lane skips chunks and still comes to its end.
    stop.requireNotStopped();
  }

  @Override
  public void close() {
    end();
    for (Lane lane : lanes) {
      if (!ends(lane)) {
        LOG.warn("{} does not return; it is interrupted", lane.sink().name());
        lane.interrupt();
        if (!ends(lane)) {
          LOG.error("{} does not return; it is left alone", lane.sink().name());
          abandon(lane);
        }
      }
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      lanes.forEach(Lane::end);
    }
  }

  private void waited(long nanos) {
    watch.waited(lanes, nanos);
    watch
        .hanging(lanes)
        .ifPresent(
            lane -> {
              lane.interrupt();
              leave(lane, "it took no bytes for %d seconds.", patience.append());
            });
    watch
        .laggard(lanes)
        .filter(lane -> lane.sink().dispensable())
        .ifPresent(
            lane ->
                leave(
                    lane,
                    "it alone held up the other stores for %d seconds.",
                    Duration.ofNanos(lane.heldUpNanos())));
  }

  private void leave(Lane lane, String why, Duration howLong) {
    String sentence = why.formatted(howLong.toSeconds());
    LOG.warn("{} leaves the fan-out: {}", lane.sink().name(), sentence);
    lane.sink().failed(new StoreException(StoreException.Kind.UNAVAILABLE, sentence));
    abandon(lane);
    lanes.remove(lane);
  }

  private static void abandon(Lane lane) {
    if (lane.leave()) {
      lane.sink().abandoned();
    }
  }

  /** Goes on whatever interrupts it: what it writes to must not be touched before. */
  private boolean ends(Lane lane) {
    long deadline = System.nanoTime() + patience.grace().toNanos();
    while (true) {
      try {
        return lane.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        LOG.debug("Interrupted while {} was waited for", lane.sink().name());
      }
    }
  }
}
