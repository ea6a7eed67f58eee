package dev.darkroom.transfer.resume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.intake.Converter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journals of all transfers of this process, in the staging directory. While another process
 * has the directory, every transfer tries to open it again: the other process may be ending. No
 * method throws; without a journal a transfer can't be resumed. Blocks on a disk. Thread-safe.
 */
public final class TransferJournals {

  private static final Logger LOG = LoggerFactory.getLogger(TransferJournals.class);

  private final Optional<Path> directory;
  private final int partBytes;

  @GuardedBy("this")
  private Optional<StagingDirectory> staging = Optional.empty();

  @GuardedBy("this")
  private boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param directory the staging directory; empty when there is none
   * @param partBytes the size of a part in new journals
   */
  public TransferJournals(Optional<Path> directory, int partBytes) {
    this.directory = directory;
    this.partBytes = partBytes;
  }

  /** The journal of one transfer; empty when there is no usable directory. */
  public Optional<TransferJournal> of(String id) {
    return staging().map(open -> new TransferJournal(open, id, partBytes));
  }

  /**
   * The tokens of the unfinished writes in a store that a transfer can resume.
   *
   * @return empty when the journals can't be read
   */
  public Optional<Set<String>> tokensToKeep(String storeName) {
    if (directory.isEmpty()) {
      return Optional.of(Set.of());
    }
    try {
      return Optional.of(StagingDirectory.tokens(directory.get(), storeName));
    } catch (IOException e) {
      LOG.warn("The journals in {} can't be read", directory.get(), e);
      return Optional.empty();
    }
  }

  /** Removes the journals of all transfers but these. */
  public void retain(Set<String> ids) {
    staging().ifPresent(open -> removeOrphans(open, ids));
  }

  /** Unlocks the directory. */
  public synchronized void close() {
    closed = true;
    staging.ifPresent(StagingDirectory::close);
    staging = Optional.empty();
  }

  private static void removeOrphans(StagingDirectory open, Set<String> ids) {
    try {
      List<JournalContents> removed = open.retain(ids);
      if (open.hasLaterVersions()) {
        LOG.info("Removed {} orphaned journals", removed.size());
        return;
      }
      Set<String> keep =
          open.all().stream()
              .flatMap(contents -> contents.writes().stream())
              .map(JournalWrite::token)
              .collect(Collectors.toSet());
      int swept = open.store().sweep(keep);
      LOG.info("Removed {} orphaned journals and {} orphaned writes", removed.size(), swept);
    } catch (StoreException e) {
      LOG.warn("Orphaned staged bytes could not be removed", e);
    } catch (IOException e) {
      LOG.warn("Orphaned journals could not be removed", e);
    }
  }

  private synchronized Optional<StagingDirectory> staging() {
    if (staging.isEmpty() && directory.isPresent() && !closed) {
      try {
        staging = StagingDirectory.open(directory.get());
        if (staging.isEmpty()) {
          LOG.warn("Another process uses {}; transfers can't be resumed", directory.get());
        } else {
          Converter.sweep(directory.get());
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn(
            "The staging directory {} can't be used; transfers can't be resumed",
            directory.get(),
            e);
      }
    }
    return staging;
  }
}
