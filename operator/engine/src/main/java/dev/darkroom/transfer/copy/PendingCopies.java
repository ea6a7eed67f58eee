package dev.darkroom.transfer.copy;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies that a transfer writes: unpublished until {@link #publish}, and aborted or suspended
 * by {@link #close(Ending)} if they are not published by then. Targets may fail as long as enough
 * are left. Each copy is written by one thread at a time, its lane's; all methods are for the
 * transfer's thread.
 */
public final class PendingCopies {

  private static final Logger LOG = LoggerFactory.getLogger(PendingCopies.class);

  /** How writes end that are not published. */
  public enum Ending {
    /** Their bytes are removed. */
    ABORT,
    /** Their bytes are kept, and the writes can be resumed. */
    SUSPEND
  }

  /** A blob that this transfer published, or another process before it. */
  private record Published(Target target, Blob blob, Publisher publisher) {}

  private enum Publisher {
    THIS_TRANSFER,
    ANOTHER_PROCESS
  }

  private final TransferContext context;
  private final CancellationToken token;
  private final FailedTargets failedTargets;
  private final List<CopyWrite> copies = new ArrayList<>();

  /**
   * Begins without copies.
   *
   * @param failedTargets takes the failures of targets, up to its limit
   */
  public PendingCopies(
      TransferContext context, CancellationToken token, FailedTargets failedTargets) {
    this.context = context;
    this.token = token;
    this.failedTargets = failedTargets;
  }

  /**
   * Begins a copy in each target, all at the same time.
   *
   * @throws RefusedException when too many targets fail
   */
  public void open(List<Target> targets) throws RefusedException {
    Map<Target, StoreCall<BlobWrite>> calls = new LinkedHashMap<>();
    for (Target target : targets) {
      calls.put(
          target,
          StoreCall.start(
              context.threads(),
              target.name(),
              () -> target.store().open(target.key()),
              BlobWrite::abort));
    }
    Optional<RefusedException> refused = Optional.empty();
    for (Map.Entry<Target, StoreCall<BlobWrite>> entry : calls.entrySet()) {
      try {
        BlobWrite write =
            entry.getValue().join(context.timeouts().call(), token, context.timeouts().grace());
        add(entry.getKey(), write);
      } catch (RefusedException e) {
        if (!failedTargets.add(entry.getKey().name(), e.failure())) {
          refused = refused.or(() -> Optional.of(e));
        }
      }
    }
    if (refused.isPresent()) {
      throw refused.get();
    }
  }

  /** Adds a write that has begun. */
  public void add(Target target, BlobWrite write) {
    copies.add(new CopyWrite(target, write, failedTargets, token, context.recorder()));
  }

  /** The sinks of the copies. */
  public List<CopyWrite> sinks() {
    return List.copyOf(copies);
  }

  /**
   * Publishes the copy of every target that has not failed, all at the same time. When too many
   * fail, the published copies are deleted again. (The preflight of the next attempt finds a copy
   * that a store published although its answer was lost.)
   *
   * @param record kept beside each copy
   * @return the published blobs by the name of their target
   * @throws RefusedException when too many targets fail
   */
  public Map<String, Blob> publish(TransferRequest request, CopyRecord record)
      throws RefusedException {
    Map<String, String> attributes = record.attributes(request);
    Map<CopyWrite, StoreCall<Published>> commits = new LinkedHashMap<>();
    for (CopyWrite copy : copies) {
      if (!failedTargets.has(copy.target().name())) {
        commits.put(
            copy,
            StoreCall.start(
                context.threads(),
                copy.target().name(),
                () -> commit(copy, attributes, record),
                PendingCopies::publishedLate));
      }
    }
    Map<String, Blob> blobs = new LinkedHashMap<>();
    List<Published> published = new ArrayList<>();
    Optional<RefusedException> refused = Optional.empty();
    for (Map.Entry<CopyWrite, StoreCall<Published>> commit : commits.entrySet()) {
      try {
        Published done =
            commit.getValue().join(context.timeouts().commit(), token, context.timeouts().grace());
        published.add(done);
        blobs.put(done.target().name(), done.blob());
      } catch (RefusedException e) {
        if (commit.getValue().abandoned()) {
          commit.getKey().abandoned();
        }
        if (!failedTargets.add(commit.getKey().target().name(), e.failure())) {
          refused = refused.or(() -> Optional.of(e));
        }
      }
    }
    if (refused.isPresent()) {
      published.forEach(this::retract);
      throw refused.get();
    }
    return blobs;
  }

  /** Ends the writes that are not published. */
  public void close(Ending ending) {
    copies.forEach(copy -> copy.close(ending, context));
  }

  private static Published commit(CopyWrite copy, Map<String, String> attributes, CopyRecord record)
      throws StoreException {
    Target target = copy.target();
    if (copy.write().position() != record.facts().size()) {
      throw new StoreException(
          StoreException.Kind.CORRUPT,
          "it wrote %d of %d bytes".formatted(copy.write().position(), record.facts().size()));
    }
    try {
      return new Published(target, copy.write().commit(attributes), Publisher.THIS_TRANSFER);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.ALREADY_EXISTS) {
        throw e;
      }
      // Another process ran the same request, or the answer of the store was lost.
      Blob other = target.store().stat(target.key()).orElseThrow(() -> e);
      if (!CopyRecord.of(other).equals(Optional.of(record))) {
        throw e;
      }
      return new Published(target, other, Publisher.ANOTHER_PROCESS);
    }
  }

  /** Keeps the copy: another attempt may have adopted it, and its bytes passed the verdict. */
  private static void publishedLate(Published published) {
    LOG.warn(
        "Store {} published {} after the timeout; the next preflight finds it",
        published.target().name(),
        published.target().key());
  }

  private void retract(Published published) {
    if (published.publisher() == Publisher.ANOTHER_PROCESS) {
      return;
    }
    Target target = published.target();
    try {
      boolean unused =
          StoreCall.start(
                  context.threads(),
                  target.name(),
                  () -> target.store().delete(target.key()),
                  deleted -> {})
              .join(context.timeouts().call(), token, context.timeouts().grace());
    } catch (RefusedException e) {
      LOG.warn(
          "Store {}: {} could not be deleted again; the next attempt adopts it",
          target.name(),
          target.key(),
          e);
    }
  }
}
