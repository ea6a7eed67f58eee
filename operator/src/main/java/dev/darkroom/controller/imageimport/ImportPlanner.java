package dev.darkroom.controller.imageimport;

import dev.darkroom.access.Links;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.format.DiskFormat;
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
 * Works out what an import has to do from the objects it names. Asks the API server for Secrets and
 * ConfigMaps, and touches neither source nor store.
 */
public final class ImportPlanner {

  /** Where an import may write, and how many of these it must. */
  private record Where(List<Target> targets, int minCopies) {}

  private final StoreAccess access;
  private final ImportSources sources;

  public ImportPlanner(StoreAccess access, ImportSources sources) {
    this.access = access;
    this.sources = sources;
  }

  /**
   * Works it out.
   *
   * @param image the Image that the import names, if it is there
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

  /** Bytes from elsewhere, for an image that has none. */
  private ImportPlan bring(ImageImport job, Image image, Optional<ImageImport> ahead)
      throws SourceException, PrerequisiteException, LaterException {
    String name = image.getMetadata().getName();
    if (ImageFacts.hasBytes(image)) {
      return hold(
          Reason.INVALID_SOURCE, "Image " + name + " has its bytes already; they never change.");
    }
    if (image.getSpec().source() != null && !ImageImportFactory.isOwn(image, job)) {
      return hold(
          Reason.INVALID_SOURCE,
          "Image " + name + " has a source of its own; an import is for an Image without one.");
    }
    if (ahead.isPresent()) {
      return hold(
          Reason.IMPORT_IN_PROGRESS,
          "ImageImport " + ahead.get().getMetadata().getName() + " comes first.");
    }
    Optional<Checksum> checksum = checksum(job.getSpec(), image);
    ImportSources.Supply supply = sources.of(job);
    ImportTerms terms = new ImportTerms(job.getSpec(), image.getSpec());
    DeliveryTerms delivery = DeliveryTerms.defaults();
    if (supply.facts().isPresent()) {
      requireAgreement(supply.facts().get(), checksum, declared(image));
      terms.requireNoneFor(supply.facts().get());
    } else {
      delivery = sources.terms(terms, checksum, job.getMetadata().getNamespace());
    }
    Where where = where(job, image, asked(job, image), supply.size());
    return new ImportPlan.Go(
        TransferRequest.of(supply.source(), where.targets())
            .minCopies(where.minCopies())
            .checksum(checksum)
            .declaredFormat(declared(image))
            .delivery(delivery)
            .expected(supply.facts())
            .priorCopies(
                supply.facts().isPresent()
                    ? Optional.empty()
                    : Optional.of(PriorCopyFinder.of(image, job.getSpec(), checksum)))
            .attributes(attributes(image, job))
            .tenant(image.getMetadata().getNamespace())
            .build(),
        stores(where, supply));
  }

  /**
   * What an image says of its bytes must be true of those that it gets from another.
   *
   * @throws PrerequisiteException when it is not
   */
  public static void requireAgreement(Facts facts, Image image) throws PrerequisiteException {
    requireAgreement(facts, parse(image.getSpec().checksum()), declared(image));
  }

  /**
   * Verified bytes are not examined again: what is asked of them is compared with what they are.
   */
  private static void requireAgreement(
      Facts facts, Optional<Checksum> checksum, Optional<DiskFormat> format)
      throws PrerequisiteException {
    if (format.isPresent() && format.get() != facts.format()) {
      throw new PrerequisiteException(
          Reason.FORMAT_MISMATCH,
          "The image it is copied from is %s, but spec.diskFormat declares %s."
              .formatted(facts.format().apiName(), format.get().apiName()));
    }
    if (checksum.isEmpty()) {
      return;
    }
    String found = facts.digests().get(checksum.get().algorithm());
    if (found == null) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The image it is copied from has no %s to compare with; give its sha256: %s."
              .formatted(checksum.get().algorithm().apiName(), facts.sha256()));
    }
    if (!found.equals(checksum.get().hex())) {
      throw new PrerequisiteException(
          Reason.CHECKSUM_MISMATCH,
          "The checksum should be %s, but the image it is copied from has %s."
              .formatted(checksum.get(), new Checksum(checksum.get().algorithm(), found)));
    }
  }

  /** More copies of an image that has bytes. */
  private ImportPlan copy(ImageImport job, Image image)
      throws PrerequisiteException, LaterException {
    String name = image.getMetadata().getName();
    if (Links.isLink(image)) {
      return hold(
          Reason.INVALID_SOURCE, "Image " + name + " is a link; it has no copies of its own.");
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
      // The image has its own import made because it lacks the copy: what we see of it is old.
      return ImageImportFactory.isOwn(image, job) ? new ImportPlan.Later() : new ImportPlan.Done();
    }
    ImportSources.Supply supply = sources.copiesOf(image, missing);
    Where where = where(job, image, missing, supply.size());
    return new ImportPlan.Go(
        TransferRequest.of(supply.source(), where.targets())
            .minCopies(where.minCopies())
            .expected(Optional.of(ImportSources.facts(image)))
            .attributes(attributes(image, job))
            .tenant(image.getMetadata().getNamespace())
            .build(),
        stores(where, supply));
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
              : "No ImageStore is marked default, and the image names none in spec.stores.");
    }
    return names;
  }

  /** All of the stores that can be written, when they are enough. */
  private Where where(ImageImport job, Image image, List<String> names, OptionalLong bytes)
      throws PrerequisiteException, LaterException {
    List<Target> targets = new ArrayList<>();
    List<Failure> refused = new ArrayList<>();
    for (String name : names) {
      StoreAccess.Writing writing = access.toWrite(name, image.getMetadata().getNamespace(), bytes);
      if (writing instanceof StoreAccess.Writing.Open open) {
        targets.add(new Target(name, open.store(), CopyKey.of(image), open.room()));
      } else if (writing instanceof StoreAccess.Writing.Not not) {
        refused.add(not.failure());
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
    return new Where(targets, needed);
  }

  private static List<BlobStore> stores(Where where, ImportSources.Supply supply) {
    return Stream.concat(where.targets().stream().map(Target::store), supply.stores().stream())
        .toList();
  }

  private static boolean hasCopy(Image image, String store) {
    return image.getStatus().stores().stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE)
        .map(StoreCopy::name)
        .anyMatch(store::equals);
  }

  private static Optional<DiskFormat> declared(Image image) throws PrerequisiteException {
    if (image.getSpec().diskFormat() == DiskFormatName.UNKNOWN) {
      throw new PrerequisiteException(
          Reason.NOT_UNDERSTOOD,
          "spec.diskFormat has a value that only a later release of Darkroom knows.");
    }
    return Optional.ofNullable(image.getSpec().diskFormat())
        .map(DiskFormatName::apiName)
        .flatMap(DiskFormat::of);
  }

  private static Optional<Checksum> checksum(ImageImportSpec spec, Image image)
      throws PrerequisiteException {
    Optional<Checksum> mine = parse(spec.checksum());
    Optional<Checksum> images = parse(image.getSpec().checksum());
    if (mine.isPresent() && images.isPresent() && !mine.equals(images)) {
      throw new PrerequisiteException(
          Reason.INVALID_SOURCE,
          "The import asks for " + mine.get() + ", its Image for " + images.get() + ".");
    }
    return mine.or(() -> images);
  }

  private static Optional<Checksum> parse(String text) throws PrerequisiteException {
    if (text == null) {
      return Optional.empty();
    }
    Optional<Checksum> checksum = Checksum.parse(text);
    if (checksum.isEmpty()) {
      throw new PrerequisiteException(Reason.INVALID_SOURCE, "Not a checksum: " + text);
    }
    return checksum;
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

  private static ImportPlan hold(Reason reason, String message) {
    return new ImportPlan.Hold(Failure.of(reason, message));
  }

  /** A store is being opened. */
  private static final class LaterException extends Exception {

    private static final long serialVersionUID = 1L;
  }
}
