package dev.darkroom.transfer.model;

import dev.darkroom.store.Blob;
import java.util.Map;

/** How a transfer ended. */
public sealed interface Outcome {

  /**
   * Verified and published in as many stores as are needed.
   *
   * @param facts what was found
   * @param copies what each store holds now, by the target's name
   * @param missed why the other targets hold nothing, by their name: to be filled later, from one
   *     of the copies
   */
  record Stored(Facts facts, Map<String, Blob> copies, Map<String, Failure> missed)
      implements Outcome {

    /** Copies the collections. */
    public Stored {
      copies = Map.copyOf(copies);
      missed = Map.copyOf(missed);
    }
  }

  /**
   * Nothing was published.
   *
   * @param failure why
   */
  record Failed(Failure failure) implements Outcome {}

  /** Somebody cancelled it, or the process is going down; nothing was published. */
  record Cancelled() implements Outcome {}
}
