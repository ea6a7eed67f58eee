package dev.darkroom.transfer.model;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one transfer does. Every attempt must make an equal request: a published copy is adopted
 * when it was made for the same source (as it describes itself), checksum, declared format,
 * attributes and terms, and replaced otherwise.
 *
 * @param source where the bytes come from
 * @param checksum of the delivered bytes
 * @param declaredFormat the format that must be detected, or one that can't be inspected
 * @param targets the stores that get copies; at least one, each with another name
 * @param minCopies how many of the targets must have a copy for the transfer to succeed, from 1 to
 *     all of them
 * @param attributes stored beside the bytes, with the facts (for example the identity of the
 *     owner); they must differ where two requests are for different bytes and differ in nothing
 *     else here, such as the query of a URL, which its description leaves out
 * @param maxVirtualSize the limit of the virtual size of the disk, in bytes; empty for no limit
 * @param tenant takes turns with the other tenants (namespaces) for the slots
 * @param delivery how delivered bytes become stored bytes; the defaults for a source that is a
 *     verified copy
 * @param expected the verified facts, when the source is a copy: then the bytes are not inspected,
 *     but must be the same
 * @param priorCopies copies to adopt instead of reading the source
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
    Optional<PriorCopies> priorCopies) {

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
   * A request with the defaults: no checksum, no declared format, no attributes, the tenant {@code
   * ""}, the default terms of delivery, and a copy needed in every target.
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
