package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the stored bytes when their Image is deleted. */
public enum ReclaimPolicy {
  /** They are removed from every store. */
  @JsonProperty("Delete")
  DELETE,
  /** They stay, with the record beside them. */
  @JsonProperty("Retain")
  RETAIN
}
