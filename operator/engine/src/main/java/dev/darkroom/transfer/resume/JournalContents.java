package dev.darkroom.transfer.resume;

import dev.darkroom.transfer.model.TransferOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The contents of a journal.
 *
 * @param id of the transfer
 * @param fingerprint of its request: only an equal request can resume
 * @param partBytes the size of each part but the last; from 1 to {@link
 *     TransferOptions#MAX_JOURNAL_PART_BYTES}
 * @param validator of the version of the source that is read
 * @param length how many bytes the source announced
 * @param writes the unfinished writes
 * @param parts the sums of the delivered parts, from the first on
 * @param total the total of bytes, once the source was read to its end
 */
@RecordBuilder
public record JournalContents(
    String id,
    String fingerprint,
    int partBytes,
    Optional<String> validator,
    OptionalLong length,
    List<JournalWrite> writes,
    PartSums parts,
    OptionalLong total) {

  /** Checks the size of the parts, and copies the list. */
  public JournalContents {
    if (partBytes < 1 || partBytes > TransferOptions.MAX_JOURNAL_PART_BYTES) {
      throw new IllegalArgumentException("the size of a part is out of bounds: " + partBytes);
    }
    writes = List.copyOf(writes);
  }
}
