package dev.darkroom.e2e.dev.terminal;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far one image is, at one moment.
 *
 * @param name what people call it
 * @param state what happens to it
 */
public record ImageProgress(String name, State state) {

  /** What happens to an image. */
  public sealed interface State permits Waiting, Transferring, Finishing, Ready, Stopped {}

  /**
   * Nothing moves.
   *
   * @param reason why, in a few words; never empty
   */
  public record Waiting(String reason) implements State {}

  /**
   * Bytes are on their way.
   *
   * @param bytes that have arrived
   * @param total that there will be, if the source said so
   * @param bytesPerSecond over the last seconds
   * @param left how long it will take at this rate
   */
  public record Transferring(
      long bytes, OptionalLong total, OptionalLong bytesPerSecond, Optional<Duration> left)
      implements State {}

  /**
   * All bytes have arrived, and something is still done with them.
   *
   * @param bytes how many
   * @param activity what is done, in a word or two
   */
  public record Finishing(long bytes, String activity) implements State {}

  /**
   * Verified bytes are where they belong.
   *
   * @param bytes how many
   */
  public record Ready(long bytes) implements State {}

  /**
   * It needs a person.
   *
   * @param reason in one word
   * @param message as a sentence
   */
  public record Stopped(String reason, String message) implements State {}

  /** Whether nothing more will happen by itself. */
  public boolean isOver() {
    return state instanceof Ready || state instanceof Stopped;
  }

  /** Refuses nulls. */
  public ImageProgress {
    Objects.requireNonNull(name);
    Objects.requireNonNull(state);
  }
}
