package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** State of one copy in one store. */
public enum CopyState {
  /** No bytes were written yet. */
  @JsonProperty("Pending")
  PENDING,
  /** Bytes are being written and are not visible yet. */
  @JsonProperty("Copying")
  COPYING,
  /** Verified and readable. */
  @JsonProperty("Available")
  AVAILABLE,
  /** A copy existed, but it is no longer in the store. */
  @JsonProperty("Missing")
  MISSING,
  /** The bytes in the store are not those of the image. */
  @JsonProperty("Corrupt")
  CORRUPT,
  /** Writing the copy failed. */
  @JsonProperty("Failed")
  FAILED;

  /** Parses a value. An unknown value of a later release is read as a copy that does not count. */
  @JsonCreator
  static CopyState read(String text) {
    return LaterValue.read(CopyState.class, text, PENDING);
  }
}
