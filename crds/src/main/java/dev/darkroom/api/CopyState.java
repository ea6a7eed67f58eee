package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of one copy in one store. */
public enum CopyState {
  /** Nothing was written yet. */
  @JsonProperty("Pending")
  PENDING,
  /** Bytes are being written, unpublished. */
  @JsonProperty("Copying")
  COPYING,
  /** Verified and readable. */
  @JsonProperty("Available")
  AVAILABLE,
  /** It was there, and is not any more. */
  @JsonProperty("Missing")
  MISSING,
  /** Something is there, but not the image's bytes. */
  @JsonProperty("Corrupt")
  CORRUPT,
  /** It could not be written. */
  @JsonProperty("Failed")
  FAILED;

  /** Reads what is written. Where only a later release knows the value, nothing that counts. */
  @JsonCreator
  static CopyState read(String text) {
    return LaterValue.read(CopyState.class, text, PENDING);
  }
}
