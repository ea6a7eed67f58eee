package dev.darkroom.controller.imageimport;

import dev.darkroom.api.DeliveredFacts;
import dev.darkroom.codec.Codec;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.sums.Signer;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Facts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Converts the facts of a delivery between the engine and the status of an Image or ImageImport.
 */
final class Deliveries {

  private Deliveries() {}

  /** The facts for a status; empty for bytes that are stored as delivered and are not signed. */
  static Optional<DeliveredFacts> of(Facts facts) {
    Optional<Delivered> delivered = facts.delivered();
    if (delivered.isEmpty() && facts.signer().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DeliveredFacts(
            delivered.map(Delivered::size).orElse(facts.size()),
            byName(delivered.map(Delivered::digests).orElse(facts.digests())),
            delivered.flatMap(Delivered::compression).map(Codec::apiName).orElse(null),
            delivered.flatMap(Delivered::format).map(DiskFormat::apiName).orElse(null),
            facts.signer().map(Signer::toString).orElse(null)));
  }

  /** The facts of stored bytes, completed with the delivery facts of a status. */
  static Facts with(Facts facts, DeliveredFacts status) {
    return status == null
        ? facts
        : facts.with(
            delivered(status), Optional.ofNullable(status.signedBy()).flatMap(Signer::parse));
  }

  /** Digests in hex, by the API name of the algorithm. */
  static Map<String, String> byName(Map<Checksum.Algorithm, String> digests) {
    return digests.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().apiName(), Map.Entry::getValue));
  }

  /** The reverse of {@link #byName}; leaves out what is not a digest. */
  static Map<Checksum.Algorithm, String> byAlgorithm(Map<String, String> checksums) {
    Map<Checksum.Algorithm, String> digests = new EnumMap<>(Checksum.Algorithm.class);
    checksums.forEach(
        (algorithm, hex) ->
            Checksum.parse(algorithm + ":" + hex)
                .ifPresent(checksum -> digests.put(checksum.algorithm(), checksum.hex())));
    return digests;
  }

  private static Optional<Delivered> delivered(DeliveredFacts status) {
    Optional<Codec> compression =
        Arrays.stream(Codec.values())
            .filter(codec -> codec.apiName().equals(status.compression()))
            .findFirst();
    Optional<DiskFormat> format =
        DiskFormat.of(Objects.requireNonNullElse(status.diskFormat(), ""));
    return compression.isEmpty() && format.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Delivered(
                Objects.requireNonNullElse(status.size(), 0L),
                byAlgorithm(status.checksums()),
                compression,
                format));
  }
}
