package dev.darkroom.transfer.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a transfer did not succeed.
 *
 * @param reason from the closed list
 * @param message one sentence that the one who mends it understands; no secrets
 * @param retryAfter how long the other side asked to be left alone, if it did
 */
public record Failure(Reason reason, String message, Optional<Duration> retryAfter) {

  /** A failure whose other side asked for nothing. */
  public static Failure of(Reason reason, String message) {
    return new Failure(reason, message, Optional.empty());
  }
}
