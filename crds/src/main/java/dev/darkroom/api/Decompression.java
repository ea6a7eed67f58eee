package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of compressed bytes. */
public enum Decompression {
  /** What is found to be gzip, xz, zstd or bzip2 is decompressed on its way. */
  @JsonProperty("Auto")
  AUTO,
  /** Bytes are stored as they are delivered. */
  @JsonProperty("Never")
  NEVER
}
