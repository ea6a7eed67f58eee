package dev.darkroom.transfer.resume;

import dev.darkroom.transfer.model.TransferOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a journal says.
 *
 * @param id of the import
 * @param fingerprint of its request: another request has nothing to go on with
 * @param partBytes how long each part is, but the last; from 1 to {@link
 *     TransferOptions#MAX_JOURNAL_PART_BYTES}
 * @param validator of the version of the source that is read
 * @param length how many bytes the source announced
 * @param writes what was begun
 * @param parts the sums of the parts that were delivered, from the first on
 * @param total how many bytes there were, once the source was read to its end
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

  /** Checks the parts' length, and copies the list. */
  public JournalContents {
    if (partBytes < 1 || partBytes > TransferOptions.MAX_JOURNAL_PART_BYTES) {
      throw new IllegalArgumentException("no parts are that long: " + partBytes);
    }
    writes = List.copyOf(writes);
  }
}
