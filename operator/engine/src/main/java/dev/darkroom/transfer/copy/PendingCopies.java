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
 * The copies that a transfer writes: unpublished until {@link #publish}, and gone or suspended with
 * {@link #close(Ending)} if they are not published by then. A target may be lost on the way, as
 * long as enough are left. Each is written by one thread at a time, its lane's; the rest is for the
 * transfer's own thread.
 */
public final class PendingCopies {

  private static final Logger LOG = LoggerFactory.getLogger(PendingCopies.class);

  /** What becomes of writes that are not published. */
  public enum Ending {
    /** Nothing is left of them. */
    ABORT,
    /** They can be resumed. */
    SUSPEND
  }

  /** Whether this transfer published the blob, or found that somebody else had. */
  private record Published(Target target, Blob blob, Author author) {}

  private enum Author {
    US,
    ANOTHER_WRITER
  }

  private final TransferContext context;
  private final CancellationToken stop;
  private final FailedTargets missed;
  private final List<CopyWrite> copies = new ArrayList<>();

  /**
   * @param missed the targets that have no copy, and how many of them there may be
   */
  public PendingCopies(TransferContext context, CancellationToken stop, FailedTargets missed) {
    this.context = context;
    this.stop = stop;
    this.missed = missed;
  }

  /**
   * Begins a copy in each target, all at the same time. Who can't begin is missed.
   *
   * @throws RefusedException when too many can't
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
            entry.getValue().join(context.patience().call(), stop, context.patience().grace());
        add(entry.getKey(), write);
      } catch (RefusedException e) {
        if (!missed.add(entry.getKey().name(), e.failure())) {
          refused = refused.or(() -> Optional.of(e));
        }
      }
    }
    if (refused.isPresent()) {
      throw refused.get();
    }
  }

  /** Goes on with a write. */
  public void add(Target target, BlobWrite write) {
    copies.add(new CopyWrite(target, write, missed, stop, context.journey()));
  }

  /** What appends to the copies. */
  public List<CopyWrite> sinks() {
    return List.copyOf(copies);
  }

  /**
   * Publishes every copy that is not missed, all at the same time. When too many can't be
   * published, those that were are deleted again. (A store that fails although it has published,
   * because its answer was lost, is found out by the next attempt's preflight.)
   *
   * @param record what is known of the bytes
   */
  public Map<String, Blob> publish(TransferRequest request, CopyRecord record)
      throws RefusedException {
    Map<String, String> attributes = record.attributes(request);
    Map<CopyWrite, StoreCall<Published>> commits = new LinkedHashMap<>();
    for (CopyWrite copy : copies) {
      if (!missed.has(copy.target().name())) {
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
            commit.getValue().join(context.patience().commit(), stop, context.patience().grace());
        published.add(done);
        blobs.put(done.target().name(), done.blob());
      } catch (RefusedException e) {
        if (commit.getValue().abandoned()) {
          commit.getKey().abandoned();
        }
        if (!missed.add(commit.getKey().target().name(), e.failure())) {
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

  /** Lets go of what is not published. */
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
      return new Published(target, copy.write().commit(attributes), Author.US);
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.ALREADY_EXISTS) {
        throw e;
      }
      // Another process was at the same request, or the store has lost its own answer to us.
      Blob other = target.store().stat(target.key()).orElseThrow(() -> e);
      if (!CopyRecord.of(other).equals(Optional.of(record))) {
        throw e;
      }
      return new Published(target, other, Author.ANOTHER_WRITER);
    }
  }

  /** Not deleted: another attempt may have adopted it by now, and its bytes passed the verdict. */
  private static void publishedLate(Published published) {
    LOG.warn(
        "Store {} has published {} after all; the next look will find it",
        published.target().name(),
        published.target().key());
  }

  private void retract(Published published) {
    if (published.author() == Author.ANOTHER_WRITER) {
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
              .join(context.patience().call(), stop, context.patience().grace());
    } catch (RefusedException e) {
      LOG.warn(
          "Store {}: {} could not be deleted again; the next attempt will adopt it",
          target.name(),
          target.key(),
          e);
    }
  }
}
