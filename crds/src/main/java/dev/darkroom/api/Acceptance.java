package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a namespace says to the image that it is offered. */
public enum Acceptance {
  /** Nothing yet. */
  @JsonProperty("Pending")
  PENDING,
  /** It wants the image in its own list. */
  @JsonProperty("Accepted")
  ACCEPTED,
  /** It does not want it. */
  @JsonProperty("Rejected")
  REJECTED;

  /** Reads what is written. Where only a later release knows the value, nothing yet. */
  @JsonCreator
  static Acceptance read(String text) {
    return LaterValue.read(Acceptance.class, text, PENDING);
  }
}
