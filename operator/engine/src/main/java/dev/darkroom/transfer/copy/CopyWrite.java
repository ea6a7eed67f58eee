package dev.darkroom.transfer.copy;

import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.pipeline.Lane;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The write of one copy. A write that was resumed has the first bytes of the stream already; it is
 * handed them all the same, and skips them.
 */
public final class CopyWrite implements Lane.Sink {

  /** How often what was appended is made to outlive the machine, where it is to be resumed. */
  private static final long CHECKPOINT_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(CopyWrite.class);

  private final Target target;
  private final BlobWrite write;
  private final FailedTargets missed;
  private final CancellationToken stop;
  private final TransferObserver.Journey journey;

  /** How many bytes of the stream it was handed; for its lane. */
  private long handed;

  private long checkpoint;
  private long checkpointBytes = Long.MAX_VALUE;

  /** For the transfer's thread. */
  private boolean abandoned;

  /**
   * @param journey hears what is written
   */
  public CopyWrite(
      Target target,
      BlobWrite write,
      FailedTargets missed,
      CancellationToken stop,
      TransferObserver.Journey journey) {
    this.target = target;
    this.write = write;
    this.missed = missed;
    this.stop = stop;
    this.journey = journey;
  }

  /** It is to be resumed if need be; before its lane begins. */
  public void beginCheckpoints() {
    checkpoint = write.position();
    checkpointBytes = CHECKPOINT_BYTES;
  }

  public Target target() {
    return target;
  }

  public BlobWrite write() {
    return write;
  }

  @Override
  public String name() {
    return "Store " + target.name();
  }

  @Override
  public void accept(ByteBuffer bytes) throws StoreException {
    long there = Math.min(write.position() - handed, bytes.remaining());
    handed += bytes.remaining();
    if (there > 0) {
      bytes.position(bytes.position() + (int) there);
    }
    if (bytes.hasRemaining()) {
      int count = bytes.remaining();
      Optional<String> full = target.room().reserve(target.key(), handed);
      if (full.isPresent()) {
        throw new StoreException(StoreException.Kind.FULL, full.get());
      }
      write.append(bytes);
      if (bytes.hasRemaining()) {
        throw new IllegalStateException("the store took only a part of what it was given");
      }
      journey.wrote(target.name(), count);
      if (write.position() - checkpoint >= checkpointBytes) {
        checkpoint = write.position();
        // How much of it is safe is found out by sums when it is resumed.
        long unused = write.checkpoint();
      }
    }
  }

  @Override
  public void failed(Throwable thrown) {
    Failure failure = Failures.ofStore(target.name(), thrown);
    if (!missed.add(target.name(), failure)) {
      boolean unused = stop.stop(new Outcome.Failed(failure));
    }
  }

  @Override
  public boolean dispensable() {
    return missed.mayGrow();
  }

  @Override
  public void abandoned() {
    abandoned = true;
  }

  @Override
  public void left() {
    write.abort();
  }

  /** Lets go of it, unless its lane does. */
  public void close(PendingCopies.Ending ending, TransferContext context) {
    if (abandoned) {
      return;
    }
    boolean keep = ending == PendingCopies.Ending.SUSPEND && !missed.has(target.name());
    StoreCall<Target> call =
        StoreCall.start(
            context.threads(),
            target.name(),
            () -> {
              if (keep) {
                write.suspend();
              } else {
                write.abort();
              }
              return target;
            },
            done -> {});
    try {
      Target unused =
          call.join(context.patience().call(), new CancellationToken(), context.patience().grace());
    } catch (RefusedException e) {
      LOG.warn("Store {}: giving up {} failed", target.name(), target.key(), e);
    }
  }
}
