package dev.darkroom.transfer.copy;

import dev.darkroom.codec.Codec;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.sums.Signer;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Facts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The record of the delivered bytes beside a published copy: the attributes {@code delivered-size},
 * {@code delivered-digest-<algorithm>}, {@code delivered-compression}, {@code delivered-format} and
 * {@code signed-by}, each where it applies. None is about the stored bytes, so that an attribute
 * that can't be parsed is left out.
 */
final class DeliveredRecord {

  private static final String SIZE = "delivered-size";
  private static final String DIGEST = "delivered-digest-";
  private static final String COMPRESSION = "delivered-compression";
  private static final String FORMAT = "delivered-format";
  private static final String SIGNED_BY = "signed-by";

  private DeliveredRecord() {}

  /** Writes the attributes. */
  static void write(Facts facts, Map<String, String> attributes) {
    facts.signer().ifPresent(signer -> attributes.put(SIGNED_BY, signer.toString()));
    if (facts.delivered().isEmpty()) {
      return;
    }
    Delivered delivered = facts.delivered().get();
    attributes.put(SIZE, Long.toString(delivered.size()));
    delivered
        .digests()
        .forEach((algorithm, hex) -> attributes.put(DIGEST + algorithm.apiName(), hex));
    delivered.compression().ifPresent(codec -> attributes.put(COMPRESSION, codec.apiName()));
    delivered.format().ifPresent(format -> attributes.put(FORMAT, format.apiName()));
  }

  /** Adds to the facts what the attributes have. */
  static Facts read(Facts facts, Map<String, String> attributes) {
    return facts.with(
        delivered(attributes),
        Optional.ofNullable(attributes.get(SIGNED_BY)).flatMap(Signer::parse));
  }

  private static Optional<Delivered> delivered(Map<String, String> attributes) {
    Map<Checksum.Algorithm, String> digests = new EnumMap<>(Checksum.Algorithm.class);
    for (Checksum.Algorithm algorithm : Checksum.Algorithm.values()) {
      Optional.ofNullable(attributes.get(DIGEST + algorithm.apiName()))
          .flatMap(hex -> Checksum.parse(algorithm.apiName() + ":" + hex))
          .ifPresent(checksum -> digests.put(algorithm, checksum.hex()));
    }
    if (!digests.containsKey(Checksum.Algorithm.SHA256)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Delivered(
              Long.parseLong(attributes.getOrDefault(SIZE, "")),
              digests,
              codec(attributes.getOrDefault(COMPRESSION, "")),
              DiskFormat.of(attributes.getOrDefault(FORMAT, ""))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Codec> codec(String name) {
    return Arrays.stream(Codec.values()).filter(codec -> codec.apiName().equals(name)).findFirst();
  }
}
