package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The outcome of a write.
 *
 * @param outcome created or updated
 * @param body the object, or the Status of a deleted object
 * @param warnings warnings for the client
 */
public record Written(Outcome outcome, ObjectNode body, List<String> warnings) {

  /** The kind of outcome. */
  public enum Outcome {
    /** The write created an object or answered a review. */
    CREATED,
    /** The write was a write to an existing object. */
    UPDATED
  }
}
