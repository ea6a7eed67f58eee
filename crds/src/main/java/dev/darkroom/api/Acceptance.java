package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Answer of a namespace to an offered image. */
public enum Acceptance {
  /** No answer yet. */
  @JsonProperty("Pending")
  PENDING,
  /** The image appears in the namespace as a link. */
  @JsonProperty("Accepted")
  ACCEPTED,
  /** There is no link. */
  @JsonProperty("Rejected")
  REJECTED;

  /** Parses a value. An unknown value of a later release is read as no answer. */
  @JsonCreator
  static Acceptance read(String text) {
    return LaterValue.read(Acceptance.class, text, PENDING);
  }
}
