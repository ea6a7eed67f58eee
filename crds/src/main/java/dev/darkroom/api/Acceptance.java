package dev.darkroom.api;

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
  REJECTED
}
