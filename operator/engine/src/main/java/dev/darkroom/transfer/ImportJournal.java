package dev.darkroom.transfer;

import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.transfer.journal.Journal;
import dev.darkroom.transfer.journal.JournalContents;
import dev.darkroom.transfer.journal.JournalWrite;
import dev.darkroom.transfer.journal.Staging;
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
final class ImportJournal {

  private static final Logger LOG = LoggerFactory.getLogger(ImportJournal.class);

  private final Staging staging;
  private final String id;
  private final int partBytes;

  /**
   * @param partBytes how long a part is when it is begun
   */
  ImportJournal(Staging staging, String id, int partBytes) {
    this.staging = staging;
    this.id = id;
    this.partBytes = partBytes;
  }

  /** How long a part is when it is begun; one that was begun before may have others. */
  int partBytes() {
    return partBytes;
  }

  String id() {
    return id;
  }

  /** What an earlier attempt wrote down, if there was one. */
  Optional<JournalContents> find() {
    try {
      return staging.find(id);
    } catch (IOException e) {
      LOG.warn("The journal can't be read; the import starts over", e);
      return Optional.empty();
    }
  }

  /** Begins it anew; empty when it can't be written. */
  Optional<Journal> begin(JournalContents contents) {
    try {
      return Optional.of(staging.begin(contents));
    } catch (IOException e) {
      LOG.warn("No journal can be written; the import can't be resumed", e);
      return Optional.empty();
    }
  }

  /** Where the bytes as delivered are put when no target lets them be read back. */
  Target bytes() {
    return new Target("the staging directory", staging.store(), Staging.key(id));
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
  void discard(List<Target> targets, Workshop workshop) {
    Optional<JournalContents> contents = find();
    try {
      staging.remove(id);
    } catch (IOException e) {
      LOG.warn("A journal could not be removed", e);
    }
    for (JournalWrite write : contents.map(JournalContents::writes).orElse(List.of())) {
      locate(write, targets).ifPresent(target -> abort(target, write, workshop));
    }
  }

  private static void abort(Target target, JournalWrite write, Workshop workshop) {
    BlobStore store = target.store();
    try {
      Optional<BlobWrite> found =
          StoreCall.start(
                  workshop.threads(),
                  target.name(),
                  () -> {
                    Optional<BlobWrite> resumed = store.resume(write.key(), write.token());
                    resumed.ifPresent(BlobWrite::abort);
                    return resumed;
                  },
                  late -> {})
              .await(workshop.patience().call(), new StopSignal(), workshop.patience().grace());
      if (found.isPresent()) {
        LOG.info("Store {}: gave up the unfinished write of {}", target.name(), write.key());
      }
    } catch (StoreCallException e) {
      LOG.info("Store {}: an unfinished write is left for the next sweep", target.name(), e);
    }
  }
}
