package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import java.util.Map;

/** How a transfer ended. */
public sealed interface Outcome {

  /**
   * Verified and published.
   *
   * @param facts what was found
   * @param copies what each store holds now, by the target's name
   */
  record Stored(Facts facts, Map<String, Blob> copies) implements Outcome {}

  /**
   * Nothing was published.
   *
   * @param failure why
   */
  record Failed(Failure failure) implements Outcome {}

  /** Somebody cancelled it, or the process is going down; nothing was published. */
  record Cancelled() implements Outcome {}
}
