package dev.darkroom.transfer;

import dev.darkroom.codec.Codec;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of bytes as the source delivered them, where they are not those that are stored.
 *
 * @param size in bytes
 * @param digests lower-case hex by algorithm; SHA-256 is always there
 * @param compression what was undone; empty where they were only converted
 */
public record Delivered(
    long size, Map<Checksum.Algorithm, String> digests, Optional<Codec> compression) {

  /** Copies the digests. */
  public Delivered {
    digests = Map.copyOf(digests);
  }
}
