package dev.darkroom.transfer.model;

/** What becomes of compressed bytes. */
public enum Decompress {
  /** They are expanded if they begin as gzip, xz, zstd or bzip2 do. */
  AUTO,
  /** They are stored as they are; then no image is found in them, and it must be declared raw. */
  NEVER
}
