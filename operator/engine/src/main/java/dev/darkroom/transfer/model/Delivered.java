package dev.darkroom.transfer.model;

import dev.darkroom.codec.Codec;
import dev.darkroom.format.DiskFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The facts of delivered bytes, where the stored ones differ.
 *
 * @param size in bytes
 * @param digests lower-case hex by algorithm; always with SHA-256
 * @param compression that was undone; empty where the bytes were only converted
 * @param format before the conversion; empty where the bytes were only decompressed
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

  /** The same facts, with a conversion. */
  public Delivered convertedFrom(DiskFormat found) {
    return new Delivered(size, digests, compression, Optional.of(found));
  }

  /** Whether the stored bytes differ. */
  public boolean changed() {
    return compression.isPresent() || format.isPresent();
  }
}
