package dev.darkroom.transfer.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a transfer did not succeed.
 *
 * @param reason from the closed list
 * @param message one sentence for the user, without secrets
 * @param retryAfter how long the other side requested to wait, if it did
 */
public record Failure(Reason reason, String message, Optional<Duration> retryAfter) {

  /** A failure without a requested wait. */
  public static Failure of(Reason reason, String message) {
    return new Failure(reason, message, Optional.empty());
  }
}
