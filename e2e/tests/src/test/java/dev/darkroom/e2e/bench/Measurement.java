package dev.darkroom.e2e.bench;

import dev.darkroom.e2e.bench.figures.Sample;
import java.io.IOException;
import java.util.Optional;

/** A repeatable operation on a file, with its cost. */
interface Measurement extends AutoCloseable {

  /** The name in the table. */
  String name();

  /** The reason why this machine cannot run it; empty if it can. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /**
   * Runs it once, without the cost of preparation and clean-up.
   *
   * @throws IOException if the result is wrong
   */
  Sample measure(DataFile data) throws IOException, InterruptedException;

  /** Releases the resources of all runs. */
  @Override
  default void close() {}
}
