package dev.darkroom.transfer.model;

import dev.darkroom.convert.TargetFormat;
import java.util.Optional;

/**
 * What becomes of bytes between their delivery and the stores.
 *
 * @param published where the checksum of the bytes as delivered is read; empty where it is known or
 *     not asked for
 * @param decompress what becomes of compressed ones
 * @param convertTo the format that is stored; empty for the one that is delivered
 */
public record DeliveryTerms(
    Optional<PublishedChecksum> published,
    Decompress decompress,
    Optional<TargetFormat> convertTo) {

  /** Nothing published, expanded if compressed, stored in the format they have. */
  public static DeliveryTerms defaults() {
    return new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.empty());
  }

  /**
   * What tells them from others, for the fingerprint of a request; empty for the defaults, so that
   * copies from before there were terms are adopted.
   */
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
