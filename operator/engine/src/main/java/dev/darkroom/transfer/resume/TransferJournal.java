package dev.darkroom.transfer.resume;

import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one transfer in the staging directory, and the writes that it leads to. Its errors
 * are logged; the transfer goes on without it.
 */
public final class TransferJournal {

  private static final Logger LOG = LoggerFactory.getLogger(TransferJournal.class);

  private final StagingDirectory staging;
  private final String id;
  private final int partBytes;

  /**
   * @param partBytes the size of a part in a new journal
   */
  TransferJournal(StagingDirectory staging, String id, int partBytes) {
    this.staging = staging;
    this.id = id;
    this.partBytes = partBytes;
  }

  /** The size of a part in a new journal; an earlier journal may have another. */
  public int partBytes() {
    return partBytes;
  }

  /** The id of the transfer. */
  public String id() {
    return id;
  }

  /** Reads the journal of an earlier attempt, if there is one. */
  public Optional<JournalContents> find() {
    try {
      return staging.find(id);
    } catch (IOException e) {
      LOG.warn("The journal can't be read; the transfer can't resume", e);
      return Optional.empty();
    }
  }

  /** Begins a new journal; empty when it can't be written. */
  public Optional<Journal> begin(JournalContents contents) {
    try {
      return Optional.of(staging.begin(contents));
    } catch (IOException e) {
      LOG.warn("The journal can't be written; the transfer can't be resumed", e);
      return Optional.empty();
    }
  }

  /** The staging directory as a target, for delivered bytes that no other lets be read back. */
  public Target bytes() {
    return new Target("the staging directory", staging.store(), StagingDirectory.key(id));
  }

  /** Finds the target of a write of the journal. */
  Optional<Target> locate(JournalWrite write, List<Target> targets) {
    return (write.role() == JournalWrite.Role.STAGING ? Stream.of(bytes()) : targets.stream())
        .filter(target -> target.key().equals(write.key()))
        .filter(
            target ->
                write.role() == JournalWrite.Role.STAGING || target.name().equals(write.store()))
        .findFirst();
  }

  /** Removes the journal, the staged bytes, and the unfinished writes in these targets. */
  public void discard(List<Target> targets, TransferContext context) {
    Optional<JournalContents> contents = find();
    try {
      staging.remove(id);
    } catch (IOException e) {
      LOG.warn("A journal could not be removed", e);
    }
    for (JournalWrite write : contents.map(JournalContents::writes).orElse(List.of())) {
      locate(write, targets).ifPresent(target -> abort(target, write, context));
    }
  }

  private static void abort(Target target, JournalWrite write, TransferContext context) {
    BlobStore store = target.store();
    try {
      Optional<BlobWrite> found =
          StoreCall.start(
                  context.threads(),
                  target.name(),
                  () -> {
                    Optional<BlobWrite> resumed = store.resume(write.key(), write.token());
                    resumed.ifPresent(BlobWrite::abort);
                    return resumed;
                  },
                  late -> {})
              .await(
                  context.timeouts().call(), new CancellationToken(), context.timeouts().grace());
      if (found.isPresent()) {
        LOG.info("Store {}: removed the unfinished write of {}", target.name(), write.key());
      }
    } catch (StoreCallException e) {
      LOG.info("Store {}: an unfinished write stays until the next sweep", target.name(), e);
    }
  }
}
