package dev.darkroom.controller;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Failures;
import dev.darkroom.transfer.Reason;
import dev.darkroom.transfer.Target;
import dev.darkroom.transfer.TransferRequest;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import has to do, worked out from the objects it names: either a request that can start,
 * or why it can't. Does no I/O.
 */
sealed interface ImportPlan {

  /** It can start. */
  record Go(TransferRequest request) implements ImportPlan {}

  /** It waits, or is refused; the failure's reason says which. */
  record Hold(Failure failure) implements ImportPlan {}

  /** A store that it needs is being opened; there is word when it is. */
  record Later() implements ImportPlan {}

  /**
   * Works it out.
   *
   * @param image the Image that the import names, if it is there
   * @param ahead the unfinished import of the same image that was created before this one
   */
  static ImportPlan of(
      ImageImport job,
      Optional<Image> image,
      Optional<ImageImport> ahead,
      OpenStores stores,
      Workplace.Sources sources) {
    ImageImportSpec spec = job.getSpec();
    if (image.isEmpty() || image.get().getMetadata().getDeletionTimestamp() != null) {
      return hold(
          Reason.IMAGE_NOT_VISIBLE,
          "There is no Image " + spec.imageRef().name() + " in this namespace.");
    }
    Image target = image.get();
    if (target.getStatus() != null && target.getStatus().digest() != null) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image " + spec.imageRef().name() + " has its bytes already; they never change.");
    }
    if (target.getSpec().source() != null && !owns(target, job)) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image "
              + spec.imageRef().name()
              + " has a source of its own; an import is for an Image without one.");
    }
    if (ahead.isPresent()) {
      return hold(
          Reason.IMPORT_IN_PROGRESS,
          "ImageImport " + ahead.get().getMetadata().getName() + " comes first.");
    }
    try {
      Source source = sources.web(spec.web().url());
      Optional<Checksum> checksum = checksum(spec, target);
      List<Target> targets = targets(job, target, stores);
      return new Go(
          TransferRequest.of(source, targets)
              .checksum(checksum)
              .declaredFormat(
                  Optional.ofNullable(target.getSpec().diskFormat())
                      .map(DiskFormatName::apiName)
                      .flatMap(DiskFormat::of))
              .attributes(attributes(target, job))
              .tenant(target.getMetadata().getNamespace())
              .build());
    } catch (SourceException e) {
      return new Hold(Failures.ofSource(e));
    } catch (HeldException e) {
      return e.plan;
    }
  }

  /** What a copy of the image is called in every store: readable, and never used twice. */
  static BlobKey key(Image image) {
    return BlobKey.of(
        image.getMetadata().getNamespace(),
        image.getMetadata().getName() + "-" + image.getMetadata().getUid());
  }

  /**
   * Names of the stores that an image without bytes shall go to; empty when there is no default.
   */
  static List<String> storeNames(List<String> asked, OpenStores stores) {
    return asked.isEmpty()
        ? stores.defaultStore().map(OpenStores.Entry::name).stream().toList()
        : asked;
  }

  private static boolean owns(Image image, ImageImport job) {
    return job.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .anyMatch(image.getMetadata().getUid()::equals);
  }

  private static Optional<Checksum> checksum(ImageImportSpec spec, Image image)
      throws HeldException {
    Optional<Checksum> mine = parse(spec.checksum());
    Optional<Checksum> images = parse(image.getSpec().checksum());
    if (mine.isPresent() && images.isPresent() && !mine.equals(images)) {
      throw new HeldException(
          Reason.INVALID_SOURCE,
          "The import asks for " + mine.get() + ", its Image for " + images.get() + ".");
    }
    return mine.or(() -> images);
  }

  private static Optional<Checksum> parse(String text) throws HeldException {
    if (text == null) {
      return Optional.empty();
    }
    Optional<Checksum> checksum = Checksum.parse(text);
    if (checksum.isEmpty()) {
      throw new HeldException(Reason.INVALID_SOURCE, "Not a checksum: " + text);
    }
    return checksum;
  }

  private static List<Target> targets(ImageImport job, Image image, OpenStores stores)
      throws HeldException {
    List<String> asked =
        job.getSpec().stores().isEmpty() ? image.getSpec().stores() : job.getSpec().stores();
    List<String> names = storeNames(asked, stores);
    if (names.isEmpty()) {
      throw new HeldException(
          Reason.STORE_MISSING,
          "No ImageStore is marked default, and the image names none in spec.stores.");
    }
    List<Target> targets = new ArrayList<>();
    for (String name : names) {
      targets.add(target(name, image, stores));
    }
    return targets;
  }

  private static Target target(String name, Image image, OpenStores stores) throws HeldException {
    OpenStores.Entry entry =
        stores
            .find(name)
            .orElseThrow(
                () ->
                    new HeldException(
                        Reason.STORE_MISSING, "There is no ImageStore " + name + "."));
    if (entry.definition().getMetadata().getDeletionTimestamp() != null) {
      throw new HeldException(
          Reason.STORE_MISSING,
          "ImageStore " + name + " is being deleted; it takes no more images.");
    }
    if (entry.trouble().isPresent()) {
      throw new HeldException(new Hold(entry.trouble().get()));
    }
    return entry
        .store()
        .map(store -> new Target(name, store, key(image)))
        .orElseThrow(() -> new HeldException(new Later()));
  }

  /**
   * Enough to write the Image again, and which import it was: a transfer takes a copy for its own
   * only if all of this is the same.
   */
  private static Map<String, String> attributes(Image image, ImageImport job) {
    return Map.of(
        "namespace", image.getMetadata().getNamespace(),
        "name", image.getMetadata().getName(),
        "uid", image.getMetadata().getUid(),
        "import", job.getMetadata().getUid(),
        "spec", Serialization.asJson(image.getSpec()));
  }

  private static Hold hold(Reason reason, String message) {
    return new Hold(Failure.of(reason, message));
  }

  /** Leaves the working out early. */
  final class HeldException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ImportPlan plan;

    HeldException(Reason reason, String message) {
      this(hold(reason, message));
    }

    HeldException(ImportPlan plan) {
      this.plan = plan;
    }
  }
}
