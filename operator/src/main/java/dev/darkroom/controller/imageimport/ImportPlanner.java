package dev.darkroom.controller.imageimport;

import dev.darkroom.access.Links;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Plans an import from the objects that it names. Reads Secrets and ConfigMaps from the API server;
 * sends no request to a source or a store.
 */
public final class ImportPlanner {

  /**
   * The stores that an import may write.
   *
   * @param minCopies how many copies must succeed
   */
  private record Destination(List<Target> targets, int minCopies) {}

  private final StoreAccess access;
  private final ImportSources sources;

  /** Plans with the stores of an image and the sources of an import. */
  public ImportPlanner(StoreAccess access, ImportSources sources) {
    this.access = access;
    this.sources = sources;
  }

  /**
   * Plans the import.
   *
   * @param image the Image that the import names; empty when it does not exist
   * @param ahead the unfinished import of the same image that was created before this one
   */
  ImportPlan plan(ImageImport job, Optional<Image> image, Optional<ImageImport> ahead) {
    String name = job.getSpec().imageRef().name();
    if (image.isEmpty() || image.get().getMetadata().getDeletionTimestamp() != null) {
      return hold(Reason.IMAGE_NOT_VISIBLE, "There is no Image " + name + " in this namespace.");
    }
    try {
      return job.getSpec().copy() == null ? bring(job, image.get(), ahead) : copy(job, image.get());
    } catch (SourceException e) {
      return new ImportPlan.Hold(Failures.ofSource(e));
    } catch (PrerequisiteException e) {
      return new ImportPlan.Hold(e.failure());
    } catch (LaterException e) {
      return new ImportPlan.Later();
    }
  }

  /** Brings the bytes of an image without bytes from its source. */
  private ImportPlan bring(ImageImport job, Image image, Optional<ImageImport> ahead)
      throws SourceException, PrerequisiteException, LaterException {
    String name = image.getMetadata().getName();
    if (ImageFacts.hasBytes(image)) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image " + name + " already has its bytes; the bytes of an Image never change.");
    }
    if (image.getSpec().source() != null && !ImageImportFactory.isOwn(image, job)) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image "
              + name
              + " has spec.source; an ImageImport is for an Image without spec.source.");
    }
    if (ahead.isPresent()) {
      return hold(
          Reason.IMPORT_IN_PROGRESS,
          "ImageImport " + ahead.get().getMetadata().getName() + " of the same Image runs first.");
    }
    Optional<Checksum> checksum = RequestedFacts.checksum(job.getSpec(), image);
    ImportSources.Supply supply = sources.of(job);
    ImportTerms terms = new ImportTerms(job.getSpec(), image.getSpec());
    DeliveryTerms delivery = DeliveryTerms.defaults();
    if (supply.facts().isPresent()) {
      RequestedFacts.requireAgreement(supply.facts().get(), checksum, RequestedFacts.format(image));
      terms.requireNoneFor(supply.facts().get());
    } else {
      delivery = sources.terms(terms, checksum, job.getMetadata().getNamespace());
    }
    Destination destination = destination(job, image, asked(job, image), supply.size());
    return new ImportPlan.Go(
        TransferRequest.of(supply.source(), destination.targets())
            .minCopies(destination.minCopies())
            .checksum(checksum)
            .declaredFormat(RequestedFacts.format(image))
            .delivery(delivery)
            .expected(supply.facts())
            .priorCopies(
                supply.facts().isPresent()
                    ? Optional.empty()
                    : Optional.of(PriorCopyFinder.of(image, job.getSpec(), checksum)))
            .attributes(attributes(image, job))
            .tenant(image.getMetadata().getNamespace())
            .build(),
        stores(destination, supply));
  }

  /**
   * Compares the checksum and the format in an image's spec with the facts of its source image.
   *
   * @throws PrerequisiteException when they differ
   */
  public static void requireAgreement(Facts facts, Image image) throws PrerequisiteException {
    RequestedFacts.requireAgreement(
        facts, RequestedFacts.checksum(image.getSpec().checksum()), RequestedFacts.format(image));
  }

  /** Makes more copies of an image with bytes. */
  private ImportPlan copy(ImageImport job, Image image)
      throws PrerequisiteException, LaterException {
    String name = image.getMetadata().getName();
    if (Links.isLink(image)) {
      return hold(
          Reason.INVALID_SOURCE, "Image " + name + " is a link and has no copies of its own.");
    }
    if (!ImageFacts.hasBytes(image)) {
      return hold(Reason.IMPORT_IN_PROGRESS, "Image " + name + " has no bytes yet.");
    }
    List<String> asked = asked(job, image);
    List<String> wanted = access.asked(image);
    boolean fixed = !image.getSpec().stores().isEmpty() || image.getSpec().allStores();
    Optional<String> unwanted =
        asked.stream().filter(store -> fixed && !wanted.contains(store)).findFirst();
    if (unwanted.isPresent()) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image " + name + " does not ask for a copy in store " + unwanted.get() + ".");
    }
    List<String> missing = asked.stream().filter(store -> !hasCopy(image, store)).toList();
    if (missing.isEmpty()) {
      return new ImportPlan.Done();
    }
    ImportSources.Supply supply = sources.copiesOf(image, missing);
    Destination destination = destination(job, image, missing, supply.size());
    return new ImportPlan.Go(
        TransferRequest.of(supply.source(), destination.targets())
            .minCopies(destination.minCopies())
            .expected(Optional.of(ImportSources.facts(image)))
            .attributes(attributes(image, job))
            .tenant(image.getMetadata().getNamespace())
            .build(),
        stores(destination, supply));
  }

  private List<String> asked(ImageImport job, Image image) throws PrerequisiteException {
    ImageImportSpec spec = job.getSpec();
    List<String> names =
        spec.stores().isEmpty() && !spec.allStores()
            ? access.asked(image)
            : access.asked(spec.stores(), spec.allStores(), image);
    if (names.isEmpty()) {
      throw new PrerequisiteException(
          Reason.STORE_MISSING,
          spec.allStores() || image.getSpec().allStores()
              ? "There is no ImageStore that this namespace may use."
              : "No ImageStore is marked default, and spec.stores of the Image is empty.");
    }
    return names;
  }

  /** All stores that can be written, when they are enough. */
  private Destination destination(
      ImageImport job, Image image, List<String> names, OptionalLong bytes)
      throws PrerequisiteException, LaterException {
    List<Target> targets = new ArrayList<>();
    List<Failure> refused = new ArrayList<>();
    for (String name : names) {
      StoreAccess.Writing writing = access.toWrite(name, image.getMetadata().getNamespace(), bytes);
      if (writing instanceof StoreAccess.Writing.Open open) {
        targets.add(new Target(name, open.store(), CopyKey.of(image), open.room()));
      } else if (writing instanceof StoreAccess.Writing.Refused refusal) {
        refused.add(refusal.failure());
      } else {
        throw new LaterException();
      }
    }
    int needed =
        job.getSpec().allStoresMustSucceed()
            ? names.size()
            : Math.min(names.size(), Objects.requireNonNullElse(image.getSpec().minAvailable(), 1));
    if (targets.size() < needed) {
      throw new PrerequisiteException(refused.get(0));
    }
    return new Destination(targets, needed);
  }

  private static List<BlobStore> stores(Destination destination, ImportSources.Supply supply) {
    return Stream.concat(
            destination.targets().stream().map(Target::store), supply.stores().stream())
        .toList();
  }

  private static boolean hasCopy(Image image, String store) {
    return image.getStatus().stores().stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE)
        .map(StoreCopy::name)
        .anyMatch(store::equals);
  }

  /**
   * The attributes of each copy: the Image can be restored from them, and a transfer adopts a copy
   * only when all of them are equal.
   */
  private static Map<String, String> attributes(Image image, ImageImport job) {
    return Map.of(
        "namespace", image.getMetadata().getNamespace(),
        "name", image.getMetadata().getName(),
        "uid", image.getMetadata().getUid(),
        "import", job.getMetadata().getUid(),
        "spec", Serialization.asJson(image.getSpec()));
  }

  private static ImportPlan hold(Reason reason, String message) {
    return new ImportPlan.Hold(Failure.of(reason, message));
  }

  /** A store is being opened. */
  private static final class LaterException extends Exception {

    private static final long serialVersionUID = 1L;
  }
}
