package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of compressed bytes. */
public enum Decompression {
  /** What is found to be gzip, xz, zstd or bzip2 is decompressed on its way. */
  @JsonProperty("Auto")
  AUTO,
  /** Bytes are stored as they are delivered. */
  @JsonProperty("Never")
  NEVER;

  /**
   * Reads what is written. Where only a later release knows the value, compressed bytes are
   * refused.
   */
  @JsonCreator
  static Decompression read(String text) {
    return LaterValue.read(Decompression.class, text, NEVER);
  }
}
