package dev.darkroom.controller;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.CopySource;
import dev.darkroom.transfer.Facts;
import dev.darkroom.transfer.Reason;
import dev.darkroom.transfer.Target;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Makes the source that an import names. Asks the API server for what the source refers to. */
final class ImportSources {

  /**
   * Where bytes come from, and what is known of them beforehand.
   *
   * @param source to read
   * @param stores that the source reads
   * @param checksum that they must have, if nobody asks for another
   * @param format that they are in, if nobody declares another
   * @param size how many they are
   */
  record Supply(
      Source source,
      List<BlobStore> stores,
      Optional<Checksum> checksum,
      Optional<DiskFormat> format,
      OptionalLong size) {

    /** Nothing is known of the bytes. */
    static Supply of(Source source) {
      return new Supply(
          source, List.of(), Optional.empty(), Optional.empty(), OptionalLong.empty());
    }
  }

  private final Workplace.Sources sources;
  private final OpenStores stores;
  private final Function<ResourceID, Optional<Image>> images;

  /**
   * Makes sources.
   *
   * @param images where to look for an Image
   */
  ImportSources(
      Workplace.Sources sources, OpenStores stores, Function<ResourceID, Optional<Image>> images) {
    this.sources = sources;
    this.stores = stores;
    this.images = images;
  }

  /**
   * What an import brings from elsewhere.
   *
   * @throws SourceException when the source can't be used as it is written
   * @throws HeldException when something that it refers to is not there
   */
  Supply of(ImageImport job) throws SourceException, HeldException {
    ImageImportSpec spec = job.getSpec();
    String namespace = job.getMetadata().getNamespace();
    if (spec.image() != null) {
      return image(namespace, spec.image().name());
    }
    return Supply.of(sources.open(spec, namespace));
  }

  /**
   * The verified copies of an image, of the store with the highest weight first.
   *
   * @throws HeldException when there is none that can be read now
   */
  Supply copiesOf(Image image) throws HeldException {
    ImageStatus status = image.getStatus();
    Optional<OpenStores.Entry> best =
        status.stores().stream()
            .filter(copy -> copy.state() == CopyState.AVAILABLE)
            .map(StoreCopy::name)
            .map(stores::find)
            .flatMap(Optional::stream)
            .filter(entry -> entry.store().isPresent() && entry.trouble().isEmpty())
            .max(
                Comparator.comparing(
                    (OpenStores.Entry entry) -> entry.definition().getSpec().weight()));
    if (best.isEmpty()) {
      throw new HeldException(
          Reason.STORE_UNAVAILABLE,
          "No store with a verified copy of Image "
              + image.getMetadata().getName()
              + " can be read now.");
    }
    BlobStore store = best.get().store().orElseThrow();
    Target target = new Target(best.get().name(), store, ImportPlan.key(image));
    Facts facts = facts(image);
    Blob blob = new Blob(target.key(), facts.size(), Map.of(), Instant.EPOCH);
    return new Supply(
        new CopySource(target, blob),
        List.of(store),
        Optional.of(facts.sha256()),
        Optional.of(facts.format()),
        OptionalLong.of(facts.size()));
  }

  /** What the status of an image with bytes says that they are. */
  static Facts facts(Image image) {
    ImageStatus status = image.getStatus();
    Map<Checksum.Algorithm, String> digests = new EnumMap<>(Checksum.Algorithm.class);
    status
        .checksums()
        .forEach(
            (algorithm, hex) ->
                Checksum.parse(algorithm + ":" + hex)
                    .ifPresent(checksum -> digests.put(checksum.algorithm(), checksum.hex())));
    Checksum digest = Checksum.parse(status.digest()).orElseThrow();
    digests.put(digest.algorithm(), digest.hex());
    return new Facts(
        digests,
        status.size(),
        DiskFormat.of(status.diskFormat()).orElseThrow(),
        status.virtualSize() == null
            ? OptionalLong.empty()
            : OptionalLong.of(status.virtualSize()));
  }

  private Supply image(String namespace, String name) throws HeldException {
    Optional<Image> image = images.apply(new ResourceID(name, namespace));
    if (image.isEmpty()
        || image.get().getMetadata().getDeletionTimestamp() != null
        || !ImageView.hasBytes(image.get())
        || !Conditions.isTrue(image.get().getStatus().conditions(), Conditions.READY)) {
      throw new HeldException(
          Reason.IMAGE_NOT_VISIBLE,
          image.isEmpty()
              ? "There is no Image " + name + " in this namespace."
              : "Image " + name + " is not Ready.");
    }
    return copiesOf(image.get());
  }
}
