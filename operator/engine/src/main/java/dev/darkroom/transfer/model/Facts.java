package dev.darkroom.transfer.model;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.sums.Signer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of bytes that passed every check.
 *
 * @param digests of the stored bytes, lower-case hex by algorithm; SHA-256 is always there
 * @param size in bytes
 * @param format as found, or as declared where it can't be inspected
 * @param virtualSize bytes of the disk inside, where the format has one
 * @param delivered what the source delivered, where it is not what is stored
 * @param signer who signed for the checksum of what was delivered, where that was asked for
 */
public record Facts(
    Map<Checksum.Algorithm, String> digests,
    long size,
    DiskFormat format,
    OptionalLong virtualSize,
    Optional<Delivered> delivered,
    Optional<Signer> signer) {

  /** Copies the digests. */
  public Facts {
    digests = Map.copyOf(digests);
  }

  /** Facts of bytes of which nobody knows, or needs to know, how they were delivered. */
  public static Facts of(
      Map<Checksum.Algorithm, String> digests,
      long size,
      DiskFormat format,
      OptionalLong virtualSize) {
    return new Facts(digests, size, format, virtualSize, Optional.empty(), Optional.empty());
  }

  /** The same bytes, delivered so. */
  public Facts with(Optional<Delivered> how, Optional<Signer> by) {
    return new Facts(digests, size, format, virtualSize, how, by);
  }

  /** Whether both are of the same bytes. */
  public boolean sameBytes(Facts other) {
    return size == other.size && sha256().equals(other.sha256());
  }

  /** The image's digest. */
  public Checksum sha256() {
    return new Checksum(Checksum.Algorithm.SHA256, digests.get(Checksum.Algorithm.SHA256));
  }
}
