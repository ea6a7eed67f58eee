package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Something that happened to an object.
 *
 * @param revision when: the resource version of the write
 * @param type what
 * @param key to which
 * @param object its new state; for a deletion the last one
 * @param before its old state; empty when it is new
 */
public record Change(
    long revision, Type type, Key key, ObjectNode object, Optional<ObjectNode> before) {

  /** What happened, as watch events name it. */
  public enum Type {
    /** It is new. */
    ADDED,
    /** It has another state. */
    MODIFIED,
    /** It is gone. */
    DELETED
  }
}
