package dev.darkroom.e2e.dev;

import dev.darkroom.source.policy.AddressPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run of the program shall do.
 *
 * @param directory to work in
 * @param port of the API server; 0 for any
 * @param webPort of the sample's web server; 0 for any
 * @param sources where images may come from
 * @param ending when it ends
 * @param manifests files, directories and URLs to apply
 * @param image to make from a URL
 */
record DevOptions(
    Path directory,
    int port,
    int webPort,
    AddressPolicy sources,
    Ending ending,
    List<String> manifests,
    Optional<ImageFromUrl> image) {

  /** When the program ends. */
  sealed interface Ending {

    /** When it is told to. */
    record WhenTold() implements Ending {}

    /**
     * As soon as all is ready or stalled.
     *
     * @param timeout and after this long in any case
     */
    record WhenSettled(Duration timeout) implements Ending {}
  }

  /** Whether the quickstart is what is applied. */
  boolean isQuickstart() {
    return manifests.isEmpty() && image.isEmpty();
  }
}
