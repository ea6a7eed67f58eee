package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may see an image: its record and its bytes. */
public enum Visibility {
  /** Its own namespace. */
  @JsonProperty("Private")
  PRIVATE,
  /** Its own namespace, and those that an ImageMember names. */
  @JsonProperty("Shared")
  SHARED,
  /** Everybody who knows its name; nobody's list shows it. */
  @JsonProperty("Community")
  COMMUNITY,
  /** Everybody, and everybody's catalogue shows it. */
  @JsonProperty("Public")
  PUBLIC;

  /** Reads what is written. Where only a later release knows the value, nobody else sees it. */
  @JsonCreator
  static Visibility read(String text) {
    return LaterValue.read(Visibility.class, text, PRIVATE);
  }
}
