package dev.darkroom.transfer.model;

import dev.darkroom.codec.Codec;
import dev.darkroom.format.DiskFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of bytes as the source delivered them, where they are not those that are stored.
 *
 * @param size in bytes
 * @param digests lower-case hex by algorithm; SHA-256 is always there
 * @param compression what was undone; empty where they were only converted
 * @param format what they were converted from; empty where they were only expanded
 */
public record Delivered(
    long size,
    Map<Checksum.Algorithm, String> digests,
    Optional<Codec> compression,
    Optional<DiskFormat> format) {

  /** Copies the digests. */
  public Delivered {
    digests = Map.copyOf(digests);
  }

  /** The same, and it was converted. */
  public Delivered convertedFrom(DiskFormat found) {
    return new Delivered(size, digests, compression, Optional.of(found));
  }

  /** Whether the bytes that are stored are others. */
  public boolean changed() {
    return compression.isPresent() || format.isPresent();
  }
}
