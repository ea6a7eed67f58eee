package dev.darkroom.transfer;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one transfer shall do.
 *
 * @param source where the bytes come from
 * @param checksum what the bytes as delivered must have
 * @param declaredFormat the format that must be found, or the uninspectable one to take on trust
 * @param targets where verified copies shall be; at least one
 * @param attributes what is stored beside the bytes besides the facts found (who the image is)
 */
public record TransferRequest(
    Source source,
    Optional<Checksum> checksum,
    Optional<DiskFormat> declaredFormat,
    List<Target> targets,
    Map<String, String> attributes) {

  /** Copies the collections. */
  public TransferRequest {
    targets = List.copyOf(targets);
    attributes = Map.copyOf(attributes);
  }
}
