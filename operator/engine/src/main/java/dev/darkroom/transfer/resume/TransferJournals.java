package dev.darkroom.transfer.resume;

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
 * The journals of all imports of this process, if there is a directory for them and no other
 * process has it. One that is taken is tried again with every import: an old process may still be
 * on its way out. Nothing here throws; without journals, imports begin anew. Blocks on a disk. Safe
 * for use by many threads.
 */
public final class TransferJournals {

  private static final Logger LOG = LoggerFactory.getLogger(TransferJournals.class);

  private final Optional<Path> directory;
  private final int partBytes;
  private Optional<StagingDirectory> staging = Optional.empty();
  private boolean closed;

  /**
   * @param partBytes how long a part is in those that are begun
   */
  public TransferJournals(Optional<Path> directory, int partBytes) {
    this.directory = directory;
    this.partBytes = partBytes;
  }

  /** That of one import; empty when none can be kept now. */
  public Optional<TransferJournal> of(String id) {
    return staging().map(open -> new TransferJournal(open, id, partBytes));
  }

  /**
   * The writes in a store that a later attempt may go on with.
   *
   * @return empty when that can't be told
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

  /** Removes those of other imports. */
  public void retain(Set<String> ids) {
    staging().ifPresent(open -> retain(open, ids));
  }

  /** Lets another process have the directory. */
  public synchronized void close() {
    closed = true;
    staging.ifPresent(StagingDirectory::close);
    staging = Optional.empty();
  }

  private static void retain(StagingDirectory open, Set<String> ids) {
    try {
      List<JournalContents> removed = open.retain(ids);
      if (open.hasLaterOnes()) {
        LOG.info("Removed {} journals of imports that are no more", removed.size());
        return;
      }
      Set<String> keep =
          open.all().stream()
              .flatMap(contents -> contents.writes().stream())
              .map(JournalWrite::token)
              .collect(Collectors.toSet());
      int swept = open.store().sweep(keep);
      LOG.info("Removed {} journals of imports that are no more, {} writes", removed.size(), swept);
    } catch (StoreException e) {
      LOG.warn("What imports that are no more have staged is still there", e);
    } catch (IOException e) {
      LOG.warn("The journals of imports that are no more could not be removed", e);
    }
  }

  private synchronized Optional<StagingDirectory> staging() {
    if (staging.isEmpty() && directory.isPresent() && !closed) {
      try {
        staging = StagingDirectory.open(directory.get());
        if (staging.isEmpty()) {
          LOG.warn("Another process uses {}; what is begun now can't be resumed", directory.get());
        } else {
          Converter.sweep(directory.get());
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("Nothing can be staged in {}; imports can't be resumed", directory.get(), e);
      }
    }
    return staging;
  }
}
