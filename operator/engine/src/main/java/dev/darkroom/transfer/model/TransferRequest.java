package dev.darkroom.transfer.model;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one transfer shall do. Every attempt at the same thing must make an equal request: a copy
 * that is published already is adopted when it was made for the same source (as it describes
 * itself), checksum, declared format, attributes and terms, and replaced when it was not.
 *
 * @param source where the bytes come from
 * @param checksum what the bytes as delivered must have
 * @param declaredFormat the format that must be found, or the uninspectable one to take on trust
 * @param targets where verified copies shall be; at least one, with names of their own
 * @param minCopies how many of the targets must have a copy for the transfer to succeed, from 1 to
 *     all of them
 * @param attributes what is stored beside the bytes besides the facts found (who the image is);
 *     they must differ where two requests want other bytes and nothing else here tells them apart,
 *     such as the query of a URL, which its description leaves out
 * @param maxVirtualSize how many bytes the disk inside may have; empty for any number
 * @param tenant whose turn it takes: the slots are shared out fairly between tenants (namespaces)
 * @param delivery what becomes of the bytes on their way; of a verified copy that is read, only the
 *     defaults mean anything
 * @param expected the facts that the bytes are known to have, when they are a copy of verified
 *     ones: then they are not inspected, but must be exactly the same
 * @param heritage what may be taken over instead of reading the source
 */
@RecordBuilder
public record TransferRequest(
    Source source,
    Optional<Checksum> checksum,
    Optional<DiskFormat> declaredFormat,
    List<Target> targets,
    int minCopies,
    Map<String, String> attributes,
    OptionalLong maxVirtualSize,
    String tenant,
    DeliveryTerms delivery,
    Optional<Facts> expected,
    Optional<PriorCopies> heritage) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when there is no target, or two have one name, or more copies
   *     are needed than there are targets
   */
  public TransferRequest {
    targets = List.copyOf(targets);
    attributes = Map.copyOf(attributes);
    if (targets.isEmpty()
        || targets.stream().map(Target::name).distinct().count() < targets.size()) {
      throw new IllegalArgumentException("targets must be named, each with a name of its own");
    }
    if (minCopies < 1 || minCopies > targets.size()) {
      throw new IllegalArgumentException(
          "of %d targets, %d can't be needed".formatted(targets.size(), minCopies));
    }
  }

  /**
   * A request with nothing but what every one has: no checksum, no declared format, no attributes,
   * the tenant {@code ""}, the default terms of delivery, and a copy needed in every target.
   */
  public static TransferRequestBuilder of(Source source, List<Target> targets) {
    return TransferRequestBuilder.builder()
        .source(source)
        .targets(targets)
        .minCopies(targets.size())
        .attributes(Map.of())
        .tenant("")
        .delivery(DeliveryTerms.defaults());
  }
}
