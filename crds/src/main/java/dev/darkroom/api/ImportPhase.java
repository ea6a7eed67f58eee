package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** State of an import in one word, for people. Programs read the conditions. */
public enum ImportPhase {
  /** The import waits for a slot, for an object, or for the next attempt. */
  @JsonProperty("Queued")
  QUEUED,
  /** The source and the stores are opened; bytes that need a conversion are staged. */
  @JsonProperty("Staging")
  STAGING,
  /** The disk is converted. */
  @JsonProperty("Converting")
  CONVERTING,
  /** Bytes are read, digested, inspected and written. */
  @JsonProperty("Importing")
  IMPORTING,
  /** Digests and formats are compared with the expected values. */
  @JsonProperty("Validating")
  VALIDATING,
  /** The stores make the copies durable and visible. */
  @JsonProperty("Replicating")
  REPLICATING,
  /** The import succeeded. */
  @JsonProperty("Succeeded")
  SUCCEEDED,
  /** The import failed and does not retry. */
  @JsonProperty("Failed")
  FAILED;

  /** Parses a value. An unknown value of a later release is read as queued: only people read it. */
  @JsonCreator
  static ImportPhase read(String text) {
    return LaterValue.read(ImportPhase.class, text, QUEUED);
  }
}
