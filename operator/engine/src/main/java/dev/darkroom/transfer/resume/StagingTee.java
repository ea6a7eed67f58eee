package dev.darkroom.transfer.resume;

import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyWrite;
import dev.darkroom.transfer.copy.PendingCopies;
import dev.darkroom.transfer.pipeline.Lane;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies delivered bytes to the staging directory and their sums to the journal, where the stored
 * bytes differ. When the directory is full, the transfer goes on without it, and the space is free
 * again. For one thread.
 */
public final class StagingTee {

  private static final Logger LOG = LoggerFactory.getLogger(StagingTee.class);

  private final CopyWrite staged;
  private final JournalSink journal;
  private final TransferContext context;
  private boolean broken;

  /**
   * Copies to an open write.
   *
   * @param staged gets the bytes, and skips those that it has
   * @param journal gets the sums, and skips those that it has
   */
  public StagingTee(CopyWrite staged, JournalSink journal, TransferContext context) {
    this.staged = staged;
    this.journal = journal;
    this.context = context;
  }

  /** Copies the remaining bytes of the buffer, whose position stays. */
  void accept(ByteBuffer bytes) {
    if (broken) {
      return;
    }
    try {
      for (Lane.Sink sink : List.of(staged, journal)) {
        sink.accept(bytes.duplicate());
      }
    } catch (Exception e) {
      LOG.warn("The delivered bytes can't be staged; the transfer can't be resumed", e);
      broken = true;
      staged.close(PendingCopies.Ending.ABORT, context);
    }
  }

  /** Takes the total, after the last byte. */
  void ended(long total) {
    if (!broken) {
      journal.ended(total);
    }
  }

  /** Suspends or aborts the write, and closes the journal. */
  public void close(PendingCopies.Ending ending) {
    if (!broken) {
      staged.close(ending, context);
    }
    journal.close();
  }
}
