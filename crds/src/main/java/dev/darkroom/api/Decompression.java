package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How compressed bytes are handled. */
public enum Decompression {
  /** gzip, xz, zstd and bzip2 are detected and decompressed during the transfer. */
  @JsonProperty("Auto")
  AUTO,
  /** Bytes are stored as delivered. */
  @JsonProperty("Never")
  NEVER;

  /** Parses a value. With an unknown value of a later release, compressed bytes are refused. */
  @JsonCreator
  static Decompression read(String text) {
    return LaterValue.read(Decompression.class, text, NEVER);
  }
}
