package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The outcome of a write.
 *
 * @param outcome what happened
 * @param body the object, or the Status that says it is gone
 * @param warnings what the client should be told
 */
public record Written(Outcome outcome, ObjectNode body, List<String> warnings) {

  /** What a write did. */
  public enum Outcome {
    /** There is a new object. */
    CREATED,
    /** The object is as asked. */
    UPDATED
  }
}
