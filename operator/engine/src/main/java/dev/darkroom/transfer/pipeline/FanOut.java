package dev.darkroom.transfer.pipeline;

import dev.darkroom.concurrent.Futures;
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
 * Hands every chunk of the stream to every lane. For the reader's thread only. After {@link #close}
 * no lane is at work, except abandoned lanes whose sink does not return; these clean up by
 * themselves if it does.
 */
final class FanOut implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  /** The interval of the checks for slow lanes, while the reader waits. */
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

  private final Executor threads;
  private final CancellationToken token;
  private final Chunks chunks;
  private final StoreTimeouts timeouts;
  private final LongSupplier nanoTime;
  private final LagWatch watch;
  private final List<Lane> lanes = new ArrayList<>();
  private boolean ended;

  FanOut(TransferContext context, CancellationToken token) {
    this.threads = context.threads();
    this.token = token;
    this.chunks = context.chunks();
    this.timeouts = context.timeouts();
    this.nanoTime = context.nanoTime();
    this.watch = new LagWatch(timeouts, nanoTime);
  }

  /** Starts a lane; before the first chunk. */
  void add(Lane.Sink sink) {
    Lane lane = new Lane(sink, chunks.limit(), token, nanoTime);
    threads.execute(lane);
    lanes.add(lane);
  }

  /**
   * Takes an empty chunk; waits while all are in flight.
   *
   * @throws InterruptedException when the transfer is cancelled meanwhile, for example because a
   *     lane that it needs hangs
   */
  Chunk acquire() throws InterruptedException {
    token.throwIfCancelled();
    while (true) {
      long before = nanoTime.getAsLong();
      Optional<Chunk> chunk = chunks.tryAcquire();
      if (chunk.isPresent()) {
        return chunk.get();
      }
      if (!token.await(chunks.available(), CHECK_INTERVAL)) {
        waited(nanoTime.getAsLong() - before);
      }
    }
  }

  /** How many bytes a full chunk has. */
  int chunkBytes() {
    return chunks.bytesEach();
  }

  /** Hands over the chunk; the caller still holds it as well. */
  void offer(Chunk chunk) {
    for (Lane lane : lanes) {
      lane.offer(chunk);
    }
  }

  /**
   * Announces the end, and waits until all chunks are consumed.
   *
   * @throws InterruptedException when the transfer is cancelled meanwhile
   */
  void drain() throws InterruptedException {
    end();
    for (Lane lane : List.copyOf(lanes)) {
      while (lanes.contains(lane)) {
        long before = nanoTime.getAsLong();
        if (token.await(lane.ended(), CHECK_INTERVAL)) {
          break;
        }
        waited(nanoTime.getAsLong() - before);
      }
    }
    // A lane skips its chunks after a cancellation, and ends as well.
    token.throwIfCancelled();
  }

  @Override
  public void close() {
    end();
    for (Lane lane : lanes) {
      if (!Futures.isDoneWithin(lane.ended(), timeouts.grace())) {
        LOG.warn("{} does not return; it is interrupted", lane.sink().name());
        lane.interrupt();
        if (!Futures.isDoneWithin(lane.ended(), timeouts.grace())) {
          LOG.error("{} does not return; it is abandoned", lane.sink().name());
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
              remove(lane, "it took no bytes for %d seconds.", timeouts.append());
            });
    watch
        .laggard(lanes)
        .filter(lane -> lane.sink().optional())
        .ifPresent(
            lane ->
                remove(
                    lane,
                    "it alone slowed the other stores for %d seconds.",
                    Duration.ofNanos(lane.slowedNanos())));
  }

  private void remove(Lane lane, String why, Duration howLong) {
    String sentence = why.formatted(howLong.toSeconds());
    LOG.warn("{} is abandoned: {}", lane.sink().name(), sentence);
    lane.sink().failed(new StoreException(StoreException.Kind.UNAVAILABLE, sentence));
    abandon(lane);
    lanes.remove(lane);
  }

  private static void abandon(Lane lane) {
    if (lane.abandon()) {
      lane.sink().abandoned();
    }
  }
}
