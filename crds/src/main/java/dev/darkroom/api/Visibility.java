package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may see an image. */
public enum Visibility {
  /** Its own namespace. */
  @JsonProperty("Private")
  PRIVATE
}
