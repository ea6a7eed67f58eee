package dev.darkroom.e2e.dev;

import dev.darkroom.source.policy.AddressPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The options of a run.
 *
 * @param directory the working directory
 * @param port the port of the API server; 0 for any
 * @param webPort the port of the sample web server; 0 for any
 * @param sources the allowed sources
 * @param ending the end of the run
 * @param manifests the manifests to apply
 */
record DevOptions(
    Path directory,
    int port,
    int webPort,
    AddressPolicy sources,
    Ending ending,
    List<String> manifests,
    Optional<ImageFromUrl> image) {

  /** The end of the run. */
  sealed interface Ending {

    /** Until a signal. */
    record WhenTold() implements Ending {}

    /**
     * When all applied objects are ready or stalled.
     *
     * @param timeout the maximum duration
     */
    record WhenSettled(Duration timeout) implements Ending {}
  }

  /** Whether the quickstart is applied. */
  boolean isQuickstart() {
    return manifests.isEmpty() && image.isEmpty();
  }
}
