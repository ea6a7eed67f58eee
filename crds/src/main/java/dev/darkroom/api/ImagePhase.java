package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** State of an image in one word, for people. Programs read the conditions. */
public enum ImagePhase {
  /** The image has no bytes, and no import is running. */
  @JsonProperty("Queued")
  QUEUED,
  /** An import is running. */
  @JsonProperty("Importing")
  IMPORTING,
  /** Every requested store holds a verified copy. */
  @JsonProperty("Active")
  ACTIVE,
  /** The image has bytes, but not in every requested store. */
  @JsonProperty("Degraded")
  DEGRADED,
  /** The image has bytes; spec.deactivated denies reading them. */
  @JsonProperty("Deactivated")
  DEACTIVATED,
  /** The import stopped and needs a change by a person. */
  @JsonProperty("Failed")
  FAILED,
  /** The image is being deleted. */
  @JsonProperty("Deleting")
  DELETING;

  /** Parses a value. An unknown value of a later release is read as queued: only people read it. */
  @JsonCreator
  static ImagePhase read(String text) {
    return LaterValue.read(ImagePhase.class, text, QUEUED);
  }
}
