package dev.darkroom.transfer;

import dev.darkroom.format.DiskFormat;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of bytes that passed every check.
 *
 * @param digests of the stored bytes, lower-case hex by algorithm; SHA-256 is always there
 * @param size in bytes
 * @param format as found, or as declared where it can't be inspected
 * @param virtualSize bytes of the disk inside, where the format has one
 */
public record Facts(
    Map<Checksum.Algorithm, String> digests,
    long size,
    DiskFormat format,
    OptionalLong virtualSize) {

  /** Copies the digests. */
  public Facts {
    digests = Map.copyOf(digests);
  }

  /** Whether both are of the same bytes. */
  boolean sameBytes(Facts other) {
    return size == other.size && sha256().equals(other.sha256());
  }

  /** The image's digest. */
  public Checksum sha256() {
    return new Checksum(Checksum.Algorithm.SHA256, digests.get(Checksum.Algorithm.SHA256));
  }
}
