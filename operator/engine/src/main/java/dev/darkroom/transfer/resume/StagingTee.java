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
 * Bytes as they are delivered, put into the staging directory with their sums in the journal, where
 * what is stored of them is something else. It is a convenience: when the directory takes no more,
 * the import goes on without, and the room is free again. For one thread.
 */
public final class StagingTee {

  private static final Logger LOG = LoggerFactory.getLogger(StagingTee.class);

  private final CopyWrite staged;
  private final JournalSink recording;
  private final TransferContext context;
  private boolean broken;

  /**
   * @param staged where the bytes go; it skips those that it has
   * @param recording where their sums go; as that
   */
  public StagingTee(CopyWrite staged, JournalSink recording, TransferContext context) {
    this.staged = staged;
    this.recording = recording;
    this.context = context;
  }

  /** Keeps them, all that remain in the buffer; its position stays. */
  void accept(ByteBuffer bytes) {
    if (broken) {
      return;
    }
    try {
      for (Lane.Sink sink : List.of(staged, recording)) {
        sink.accept(bytes.duplicate());
      }
    } catch (Exception e) {
      LOG.warn("What is delivered can't be kept; the import can't be resumed", e);
      broken = true;
      staged.close(PendingCopies.Ending.ABORT, context);
    }
  }

  /** All came, and this many in all. */
  void ended(long total) {
    if (!broken) {
      recording.ended(total);
    }
  }

  /** Lets go of it. */
  public void close(PendingCopies.Ending ending) {
    if (!broken) {
      staged.close(ending, context);
    }
    recording.close();
  }
}
