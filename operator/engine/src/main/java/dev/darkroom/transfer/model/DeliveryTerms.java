package dev.darkroom.transfer.model;

import dev.darkroom.convert.TargetFormat;
import java.util.Optional;

/**
 * How delivered bytes become stored bytes.
 *
 * @param published where the checksum of the delivered bytes is published; empty where it is known
 *     or not required
 * @param decompress whether compressed bytes are decompressed
 * @param convertTo the format to store; empty for the delivered one
 */
public record DeliveryTerms(
    Optional<PublishedChecksum> published,
    Decompress decompress,
    Optional<TargetFormat> convertTo) {

  /** No published checksum, decompression, no conversion. */
  public static DeliveryTerms defaults() {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.empty());
  }

  /** The terms as a part of the fingerprint of a request; empty for the defaults. */
  public String describe() {
    return equals(defaults())
        ? ""
        : "%s %s %s"
            .formatted(
                published.map(PublishedChecksum::describe).orElse(""),
                decompress,
                convertTo.map(TargetFormat::name).orElse(""));
  }
}
