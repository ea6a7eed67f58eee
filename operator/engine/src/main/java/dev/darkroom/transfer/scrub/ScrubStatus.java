package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.CopyHealth;
import java.util.Optional;

/**
 * A scrub at one moment.
 *
 * @param state what becomes of it
 * @param bytes how many were read, those before a restart included
 * @param totalBytes how many there should be
 * @param health what was found, when it is done
 */
public record ScrubStatus(State state, long bytes, long totalBytes, Optional<CopyHealth> health) {

  /** What becomes of a scrub. */
  public enum State {
    /** It waits for a slot. */
    QUEUED,
    /** The copy is read. */
    RUNNING,
    /** It is known how the copy is. */
    DONE,
    /** It was stopped; the next one of the same copy goes on there. */
    CANCELLED
  }
}
