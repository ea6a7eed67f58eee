package dev.darkroom.transfer.scrub;

import dev.darkroom.transfer.model.CopyHealth;
import java.util.Optional;

/**
 * The status of a scrub at one moment.
 *
 * @param state of the scrub
 * @param bytes how many have been read, before a restart too
 * @param totalBytes how many the copy should have
 * @param health of the copy, when the scrub is done
 */
public record ScrubStatus(State state, long bytes, long totalBytes, Optional<CopyHealth> health) {

  /** The states of a scrub. */
  public enum State {
    /** It waits for a slot. */
    QUEUED,
    /** The copy is read. */
    RUNNING,
    /** The health of the copy is known. */
    DONE,
    /** The scrub was cancelled; the next scrub of the copy resumes. */
    CANCELLED
  }
}
