package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Access to an image: to its record and its bytes. */
public enum Visibility {
  /** Only its own namespace. */
  @JsonProperty("Private")
  PRIVATE,
  /** Its own namespace, and the namespaces that ImageMembers name. */
  @JsonProperty("Shared")
  SHARED,
  /** All users, by name only; no list shows the image. */
  @JsonProperty("Community")
  COMMUNITY,
  /** All users; the catalogue lists the image. */
  @JsonProperty("Public")
  PUBLIC;

  /** Parses a value. An unknown value of a later release is read as private. */
  @JsonCreator
  static Visibility read(String text) {
    return LaterValue.read(Visibility.class, text, PRIVATE);
  }
}
