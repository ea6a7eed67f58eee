package dev.darkroom.transfer;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one transfer shall do. Every attempt at the same thing must make an equal request: a copy
 * that is published already is adopted when it was made for the same source (as it describes
 * itself), checksum, declared format and attributes, and replaced when it was not.
 *
 * @param source where the bytes come from
 * @param checksum what the bytes as delivered must have
 * @param declaredFormat the format that must be found, or the uninspectable one to take on trust
 * @param targets where verified copies shall be; at least one, with names of their own
 * @param attributes what is stored beside the bytes besides the facts found (who the image is);
 *     they must differ where two requests want other bytes and nothing else here tells them apart,
 *     such as the query of a URL, which its description leaves out
 */
public record TransferRequest(
    Source source,
    Optional<Checksum> checksum,
    Optional<DiskFormat> declaredFormat,
    List<Target> targets,
    Map<String, String> attributes) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when there is no target, or two have one name
   */
  public TransferRequest {
    targets = List.copyOf(targets);
    attributes = Map.copyOf(attributes);
    if (targets.isEmpty()
        || targets.stream().map(Target::name).distinct().count() < targets.size()) {
      throw new IllegalArgumentException("targets must be named, each with a name of its own");
    }
  }
}
