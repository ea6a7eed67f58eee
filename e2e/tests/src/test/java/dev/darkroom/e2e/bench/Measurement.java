package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.util.Optional;

/** Something that can be done with a file again and again, and what it costs. */
interface Measurement extends AutoCloseable {

  /** What it does, for the table. */
  String name();

  /** Why it can't be done on this machine, if it can't. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * Does it once. What prepares and clears up is not part of the sample.
   *
   * @throws IOException when it did not do what it should
   */
  Sample measure(DataFile data) throws IOException, InterruptedException;

  /** Ends what was started for all its samples. */
  @Override
  default void close() {}
}
