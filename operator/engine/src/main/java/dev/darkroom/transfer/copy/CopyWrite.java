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
 * The write of one copy. A resumed write has the first bytes of the stream already; it gets them
 * again and skips them.
 */
public final class CopyWrite implements Lane.Sink {

  /** The interval of checkpoints, which make a resumable write survive a crash of the machine. */
  private static final long CHECKPOINT_BYTES = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(CopyWrite.class);

  private final Target target;
  private final BlobWrite write;
  private final FailedTargets failedTargets;
  private final CancellationToken token;
  private final TransferObserver.Recorder recorder;

  /** How many bytes of the stream it got; for the lane's thread. */
  private long received;

  private long checkpoint;
  private long checkpointBytes = Long.MAX_VALUE;

  /** For the transfer's thread. */
  private boolean abandoned;

  /**
   * Wraps a write of a store.
   *
   * @param failedTargets takes the failure, if the transfer can go on without the target
   * @param token is cancelled by the failure otherwise
   * @param recorder gets the bytes that are written
   */
  public CopyWrite(
      Target target,
      BlobWrite write,
      FailedTargets failedTargets,
      CancellationToken token,
      TransferObserver.Recorder recorder) {
    this.target = target;
    this.write = write;
    this.failedTargets = failedTargets;
    this.token = token;
    this.recorder = recorder;
  }

  /** Begins checkpoints: a journal leads to the write; before its lane begins. */
  public void beginCheckpoints() {
    checkpoint = write.position();
    checkpointBytes = CHECKPOINT_BYTES;
  }

  /** The target of the copy. */
  public Target target() {
    return target;
  }

  /** The store's write. */
  public BlobWrite write() {
    return write;
  }

  @Override
  public String name() {
    return "Store " + target.name();
  }

  @Override
  public void accept(ByteBuffer bytes) throws StoreException {
    long present = Math.min(write.position() - received, bytes.remaining());
    received += bytes.remaining();
    if (present > 0) {
      bytes.position(bytes.position() + (int) present);
    }
    if (bytes.hasRemaining()) {
      int count = bytes.remaining();
      Optional<String> full = target.capacity().reserve(target.key(), received);
      if (full.isPresent()) {
        throw new StoreException(StoreException.Kind.FULL, full.get());
      }
      write.append(bytes);
      if (bytes.hasRemaining()) {
        throw new IllegalStateException("the store took only a part of the bytes");
      }
      recorder.wrote(target.name(), count);
      if (write.position() - checkpoint >= checkpointBytes) {
        checkpoint = write.position();
        // The sums of the journal tell how much of it survived.
        long unused = write.checkpoint();
      }
    }
  }

  @Override
  public void failed(Throwable thrown) {
    Failure failure = Failures.ofStore(target.name(), thrown);
    if (!failedTargets.add(target.name(), failure)) {
      boolean unused = token.cancel(new Outcome.Failed(failure));
    }
  }

  @Override
  public boolean optional() {
    return failedTargets.mayGrow();
  }

  @Override
  public void abandoned() {
    abandoned = true;
  }

  @Override
  public void returned() {
    write.abort();
  }

  /** Suspends or aborts the write; an abandoned write is aborted by its lane. */
  public void close(PendingCopies.Ending ending, TransferContext context) {
    if (abandoned) {
      return;
    }
    boolean keep = ending == PendingCopies.Ending.SUSPEND && !failedTargets.has(target.name());
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
            late -> {});
    try {
      Target unused =
          call.join(context.timeouts().call(), new CancellationToken(), context.timeouts().grace());
    } catch (RefusedException e) {
      LOG.warn(
          "Store {}: the unfinished write of {} could not be ended",
          target.name(),
          target.key(),
          e);
    }
  }
}
