package dev.darkroom.transfer.model;

/** Whether compressed bytes are decompressed. */
public enum Decompress {
  /** Bytes that begin as gzip, xz, zstd or bzip2 do are decompressed. */
  AUTO,
  /** Bytes are stored as delivered; compressed ones have no known format: declare them raw. */
  NEVER
}
