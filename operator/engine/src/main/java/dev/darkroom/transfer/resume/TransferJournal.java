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
 * What is kept of one import in the staging directory. It is a convenience: whatever goes wrong
 * with it is told in the log, and the import does without.
 */
public final class TransferJournal {

  private static final Logger LOG = LoggerFactory.getLogger(TransferJournal.class);

  private final StagingDirectory staging;
  private final String id;
  private final int partBytes;

  /**
   * @param partBytes how long a part is when it is begun
   */
  TransferJournal(StagingDirectory staging, String id, int partBytes) {
    this.staging = staging;
    this.id = id;
    this.partBytes = partBytes;
  }

  /** How long a part is when it is begun; one that was begun before may have others. */
  public int partBytes() {
    return partBytes;
  }

  public String id() {
    return id;
  }

  /** What an earlier attempt wrote down, if there was one. */
  public Optional<JournalContents> find() {
    try {
      return staging.find(id);
    } catch (IOException e) {
      LOG.warn("The journal can't be read; the import starts over", e);
      return Optional.empty();
    }
  }

  /** Begins it anew; empty when it can't be written. */
  public Optional<Journal> begin(JournalContents contents) {
    try {
      return Optional.of(staging.begin(contents));
    } catch (IOException e) {
      LOG.warn("No journal can be written; the import can't be resumed", e);
      return Optional.empty();
    }
  }

  /** Where the bytes as delivered are put when no target lets them be read back. */
  public Target bytes() {
    return new Target("the staging directory", staging.store(), StagingDirectory.key(id));
  }

  /** Where a write is that the journal names, if it is in one of the targets. */
  Optional<Target> locate(JournalWrite write, List<Target> targets) {
    return (write.role() == JournalWrite.Role.STAGING ? Stream.of(bytes()) : targets.stream())
        .filter(target -> target.key().equals(write.key()))
        .filter(
            target ->
                write.role() == JournalWrite.Role.STAGING || target.name().equals(write.store()))
        .findFirst();
  }

  /** Removes the journal and everything that it leads to in these targets. */
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
                  context.patience().call(), new CancellationToken(), context.patience().grace());
      if (found.isPresent()) {
        LOG.info("Store {}: gave up the unfinished write of {}", target.name(), write.key());
      }
    } catch (StoreCallException e) {
      LOG.info("Store {}: an unfinished write is left for the next sweep", target.name(), e);
    }
  }
}
