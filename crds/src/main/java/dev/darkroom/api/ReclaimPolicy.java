package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the stored bytes when their Image is deleted. */
public enum ReclaimPolicy {
  /** They are removed from every store. */
  @JsonProperty("Delete")
  DELETE,
  /** They stay, with the record beside them. */
  @JsonProperty("Retain")
  RETAIN;

  /** Reads what is written. Where only a later release knows the value, no bytes are removed. */
  @JsonCreator
  static ReclaimPolicy read(String text) {
    return LaterValue.read(ReclaimPolicy.class, text, RETAIN);
  }
}
