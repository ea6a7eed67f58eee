package dev.darkroom.e2e.dev.terminal;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The progress of one image at one time.
 *
 * @param name the display name
 * @param state the state
 */
public record ImageProgress(String name, State state) {

  /** The state of an image. */
  public sealed interface State permits Waiting, Transferring, Finishing, Ready, Stopped {}

  /**
   * No bytes move.
   *
   * @param reason the reason, in a few words; never empty
   */
  public record Waiting(String reason) implements State {}

  /**
   * A transfer is in progress.
   *
   * @param bytes the bytes received
   * @param total the expected bytes, if known
   * @param bytesPerSecond the rate over the last seconds
   * @param left the estimated time left
   */
  public record Transferring(
      long bytes, OptionalLong total, OptionalLong bytesPerSecond, Optional<Duration> left)
      implements State {}

  /**
   * All bytes are received; processing continues.
   *
   * @param bytes the number of bytes
   * @param activity the activity, in one or two words
   */
  public record Finishing(long bytes, String activity) implements State {}

  /**
   * Verified bytes are stored.
   *
   * @param bytes the number of bytes
   */
  public record Ready(long bytes) implements State {}

  /**
   * A user must act.
   *
   * @param reason the reason of the condition
   * @param message its message
   */
  public record Stopped(String reason, String message) implements State {}

  /** Whether the state is final. */
  public boolean isOver() {
    return state instanceof Ready || state instanceof Stopped;
  }

  /** Rejects nulls. */
  public ImageProgress {
    Objects.requireNonNull(name);
    Objects.requireNonNull(state);
  }
}
