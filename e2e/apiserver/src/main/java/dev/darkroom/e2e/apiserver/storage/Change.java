package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A change of an object.
 *
 * @param revision resource version of the write
 * @param type type of the change
 * @param key key of the object
 * @param object new state; for a deletion the last state
 * @param before old state; empty for a new object
 */
public record Change(
    long revision, Type type, Key key, ObjectNode object, Optional<ObjectNode> before) {

  /** The type of a change, with the names of watch events. */
  public enum Type {
    /** The object was created. */
    ADDED,
    /** The object was changed. */
    MODIFIED,
    /** The object was deleted. */
    DELETED
  }
}
