package dev.darkroom.controller.source;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.PublishedChecksum;
import java.util.Optional;

/** Resolves the source in a manifest to a source that can be opened. */
public interface SourceResolver {

  /**
   * The source that an import names; neither another image nor a copy of its own image. Sends
   * requests to the API server only.
   *
   * @param namespace of the Secrets and ConfigMaps
   * @throws SourceException when the source can't be used as it is written
   * @throws PrerequisiteException when a Secret or ConfigMap that the source refers to is missing
   */
  Source open(ImageImportSpec spec, String namespace) throws SourceException, PrerequisiteException;

  /**
   * The place where the checksum of a source is published. Reads the publisher's key, if the
   * manifest names one. Sends requests to the API server only.
   *
   * @param algorithm of the digest; empty for the strongest
   * @throws SourceException when the place can't be used as it is written
   * @throws PrerequisiteException when the key is missing or is not a key
   */
  PublishedChecksum published(
      ChecksumFromSpec from,
      ImageImportSpec spec,
      Optional<Checksum.Algorithm> algorithm,
      String namespace)
      throws SourceException, PrerequisiteException;
}
