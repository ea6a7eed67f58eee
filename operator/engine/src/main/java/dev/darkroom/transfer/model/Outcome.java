package dev.darkroom.transfer.model;

import dev.darkroom.store.Blob;
import java.util.Map;

/** The outcome of a transfer. */
public sealed interface Outcome {

  /**
   * Verified and published in as many stores as are needed.
   *
   * @param facts of the bytes
   * @param copies the published blobs by the name of their target
   * @param failures why the other targets have no copy, by their name: they are filled later, from
   *     one of the copies
   */
  record Stored(Facts facts, Map<String, Blob> copies, Map<String, Failure> failures)
      implements Outcome {

    /** Copies the collections. */
    public Stored {
      copies = Map.copyOf(copies);
      failures = Map.copyOf(failures);
    }
  }

  /**
   * Nothing was published.
   *
   * @param failure why
   */
  record Failed(Failure failure) implements Outcome {}

  /** Cancelled or suspended; nothing was published. */
  record Cancelled() implements Outcome {}
}
