package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** An import's state in one word, for people; programs read the conditions. */
public enum ImportPhase {
  /** It waits: for a slot, for an object, for the next attempt. */
  @JsonProperty("Queued")
  QUEUED,
  /** The source and the stores are asked; what is to be converted is brought here. */
  @JsonProperty("Staging")
  STAGING,
  /** The disk is converted. */
  @JsonProperty("Converting")
  CONVERTING,
  /** Bytes are read, digested, inspected and written. */
  @JsonProperty("Importing")
  IMPORTING,
  /** Digests and formats are compared. */
  @JsonProperty("Validating")
  VALIDATING,
  /** The stores make the copies durable and visible. */
  @JsonProperty("Replicating")
  REPLICATING,
  /** Done. */
  @JsonProperty("Succeeded")
  SUCCEEDED,
  /** Given up. */
  @JsonProperty("Failed")
  FAILED;

  /** Reads what is written. Where only a later release knows the value, it is for people only. */
  @JsonCreator
  static ImportPhase read(String text) {
    return LaterValue.read(ImportPhase.class, text, QUEUED);
  }
}
