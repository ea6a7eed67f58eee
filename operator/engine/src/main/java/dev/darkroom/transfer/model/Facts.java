package dev.darkroom.transfer.model;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.sums.Signer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The facts of bytes that passed every check.
 *
 * @param digests of the stored bytes, lower-case hex by algorithm; always with SHA-256
 * @param size in bytes
 * @param format as detected, or as declared where it can't be inspected
 * @param virtualSize of the disk in bytes, where the format has one
 * @param delivered the delivered bytes, where the stored ones differ
 * @param signer of the published checksum, where a signature is required
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

  /** Facts without a record of the delivery. */
  public static Facts of(
      Map<Checksum.Algorithm, String> digests,
      long size,
      DiskFormat format,
      OptionalLong virtualSize) {
    return new Facts(digests, size, format, virtualSize, Optional.empty(), Optional.empty());
  }

  /** The same facts with a record of the delivery. */
  public Facts with(Optional<Delivered> how, Optional<Signer> by) {
    return new Facts(digests, size, format, virtualSize, how, by);
  }

  /** Whether both are facts of the same bytes. */
  public boolean sameBytes(Facts other) {
    return size == other.size && sha256().equals(other.sha256());
  }

  /** The digest of the stored bytes. */
  public Checksum sha256() {
    return new Checksum(Checksum.Algorithm.SHA256, digests.get(Checksum.Algorithm.SHA256));
  }
}
