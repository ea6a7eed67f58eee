package dev.darkroom.controller.imageimport;

import dev.darkroom.access.Links;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.source.SourceResolver;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the source that an import names. Reads its Secrets and ConfigMaps from the API server. */
public final class ImportSources {

  /**
   * A source, with the facts of its bytes.
   *
   * @param stores the stores that the source reads
   * @param facts the facts of the bytes; empty unless they are verified already
   */
  record Supply(Source source, List<BlobStore> stores, Optional<Facts> facts) {

    /** A source of bytes without known facts. */
    static Supply of(Source source) {
      return new Supply(source, List.of(), Optional.empty());
    }

    /** The number of bytes; empty when it is not known. */
    OptionalLong size() {
      return facts.map(Facts::size).map(OptionalLong::of).orElse(OptionalLong.empty());
    }
  }

  private final SourceResolver sources;
  private final StoreRegistry stores;
  private final Links links;

  /**
   * Makes sources.
   *
   * @param links resolves references from one Image to another
   */
  public ImportSources(SourceResolver sources, StoreRegistry stores, Links links) {
    this.sources = sources;
    this.stores = stores;
    this.links = links;
  }

  /**
   * The source of an import that is not a copy of its own image.
   *
   * @throws SourceException when the source can't be used as it is written
   * @throws PrerequisiteException when an object that the source refers to is missing or not ready
   */
  Supply of(ImageImport job) throws SourceException, PrerequisiteException {
    ImageImportSpec spec = job.getSpec();
    String namespace = job.getMetadata().getNamespace();
    if (spec.image() != null) {
      return image(links.follow(spec.image(), namespace, spec.imageRef().name()));
    }
    return Supply.of(sources.open(spec, namespace));
  }

  /**
   * The terms of the delivery: published checksum, decompression, conversion.
   *
   * @param checksum that the bytes must have besides
   * @throws PrerequisiteException when an object that the terms refer to is missing
   */
  DeliveryTerms terms(ImportTerms terms, Optional<Checksum> checksum, String namespace)
      throws SourceException, PrerequisiteException {
    return terms.of(sources, checksum, namespace);
  }

  /**
   * The verified copies of an image, the store with the highest weight first.
   *
   * @param targets stores to be written; their copies are not read
   * @throws PrerequisiteException when no copy can be read now
   */
  Supply copiesOf(Image image, List<String> targets) throws PrerequisiteException {
    ImageStatus status = image.getStatus();
    List<StoreRegistry.Entry> holding =
        status.stores().stream()
            .filter(copy -> copy.state() == CopyState.AVAILABLE)
            .map(StoreCopy::name)
            .filter(name -> !targets.contains(name))
            .map(stores::find)
            .flatMap(Optional::stream)
            .filter(entry -> entry.store().isPresent() && entry.trouble().isEmpty())
            .sorted(
                Comparator.comparing(
                        (StoreRegistry.Entry entry) -> entry.definition().getSpec().weight())
                    .reversed())
            .toList();
    if (holding.isEmpty()) {
      throw new PrerequisiteException(
          Reason.STORE_UNAVAILABLE,
          "No store with a verified copy of Image "
              + image.getMetadata().getName()
              + " can be read now.");
    }
    Facts facts = facts(image);
    BlobKey key = CopyKey.of(image);
    Blob blob = new Blob(key, facts.size(), Map.of(), Instant.EPOCH);
    List<CopySource.Copy> copies = new ArrayList<>();
    List<BlobStore> read = new ArrayList<>();
    for (StoreRegistry.Entry entry : holding) {
      BlobStore store = entry.store().orElseThrow();
      copies.add(new CopySource.Copy(new Target(entry.name(), store, key), blob));
      read.add(store);
    }
    return new Supply(new CopySource(copies), read, Optional.of(facts));
  }

  /** The facts in the status of an image with bytes. */
  public static Facts facts(Image image) {
    ImageStatus status = image.getStatus();
    Map<Checksum.Algorithm, String> digests = Deliveries.byAlgorithm(status.checksums());
    Checksum digest = Checksum.parse(status.digest()).orElseThrow();
    digests.put(digest.algorithm(), digest.hex());
    Facts facts =
        Facts.of(
            digests,
            status.size(),
            DiskFormat.of(status.diskFormat()).orElseThrow(),
            status.virtualSize() == null
                ? OptionalLong.empty()
                : OptionalLong.of(status.virtualSize()));
    return Deliveries.with(facts, status.delivered());
  }

  private Supply image(Links.Resolution target) throws PrerequisiteException {
    if (target instanceof Links.Resolution.Obstructed not) {
      throw new PrerequisiteException(LinkFailures.of(not));
    }
    Image root = ((Links.Resolution.Root) target).image();
    if (!Conditions.isTrue(root.getStatus().conditions(), Conditions.READY)) {
      throw new PrerequisiteException(
          Reason.IMAGE_NOT_READY,
          "Image "
              + root.getMetadata().getNamespace()
              + "/"
              + root.getMetadata().getName()
              + " is not Ready.");
    }
    Supply copies = copiesOf(root, List.of());
    // The delivery facts belong to the source image only.
    return new Supply(
        copies.source(),
        copies.stores(),
        copies.facts().map(facts -> facts.with(Optional.empty(), Optional.empty())));
  }
}
