package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to the stored bytes when their Image is deleted. */
public enum ReclaimPolicy {
  /** The bytes are removed from every store. */
  @JsonProperty("Delete")
  DELETE,
  /** The bytes are kept, with their record beside them. */
  @JsonProperty("Retain")
  RETAIN;

  /** Parses a value. With an unknown value of a later release, no bytes are removed. */
  @JsonCreator
  static ReclaimPolicy read(String text) {
    return LaterValue.read(ReclaimPolicy.class, text, RETAIN);
  }
}
