package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** An image's state in one word, for people; programs read the conditions. */
public enum ImagePhase {
  /** No bytes yet, and none on their way. */
  @JsonProperty("Queued")
  QUEUED,
  /** Bytes are on their way. */
  @JsonProperty("Importing")
  IMPORTING,
  /** Verified bytes are in every store that was asked for. */
  @JsonProperty("Active")
  ACTIVE,
  /** The image has bytes, but not in every store that was asked for. */
  @JsonProperty("Degraded")
  DEGRADED,
  /** The image has bytes, and its owner has them withheld. */
  @JsonProperty("Deactivated")
  DEACTIVATED,
  /** The import stopped and needs a person. */
  @JsonProperty("Failed")
  FAILED,
  /** On its way out. */
  @JsonProperty("Deleting")
  DELETING;

  /** Reads what is written. Where only a later release knows the value, it is for people only. */
  @JsonCreator
  static ImagePhase read(String text) {
    return LaterValue.read(ImagePhase.class, text, QUEUED);
  }
}
