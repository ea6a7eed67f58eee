package dev.darkroom.controller.imageimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.CopySourceSpec;
import dev.darkroom.api.Decompression;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.transfer.model.Checksum;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ImageImport that an Image with a source gets. Its name follows from what the source, the
 * checksum, the format, the stores and the retry annotation say: when one of them is mended, a new
 * import is due; while none is, the same one is found again.
 */
public final class ImageImportFactory {

  private static final int NAME_DIGITS = 10;

  /** As many attempts as the API lets an import have. */
  private static final int PATIENT = 1000;

  private ImageImportFactory() {}

  /**
   * The name that the import of the image as it is now has. It stays the same when the operator is
   * upgraded in the middle of an import: a field that is added later counts only where it says
   * something.
   */
  static String name(Image image) {
    String what =
        Serialization.asJson(
            Arrays.asList(
                image.getMetadata().getUid(),
                image.getSpec().source(),
                image.getSpec().checksum(),
                image.getSpec().checksumFrom(),
                image.getSpec().diskFormat(),
                image.getSpec().decompress(),
                image.getSpec().convertTo(),
                image.getSpec().stores(),
                image.getSpec().allStores(),
                retry(image)));
    return name(image, what);
  }

  /**
   * Whether an import of that name is the one of the image as it is now. Those that were made
   * before there was more to say than a web source, a checksum, a format and stores have another
   * name.
   */
  public static boolean isNamed(Image image, String name) {
    return name.equals(name(image)) || earlierName(image).filter(name::equals).isPresent();
  }

  private static Optional<String> earlierName(Image image) {
    ImageSpec spec = image.getSpec();
    if (spec.source() == null
        || spec.source().web() == null
        || spec.source().web().credentialsRef() != null
        || spec.source().web().caBundleRef() != null
        || spec.checksumFrom() != null
        || spec.decompress() != Decompression.AUTO
        || spec.convertTo() != null
        || spec.allStores()) {
      return Optional.empty();
    }
    return Optional.of(
        name(
            image,
            Serialization.asJson(
                Arrays.asList(
                    image.getMetadata().getUid(),
                    Map.of("web", Map.of("url", spec.source().web().url())),
                    spec.checksum(),
                    spec.diskFormat(),
                    spec.stores(),
                    retry(image)))));
  }

  /**
   * The name of the import that makes the copy in a store.
   *
   * @param lostAt when the copy that was there was last verified, if there was one: another loss is
   *     another import
   */
  public static String nameOfCopy(Image image, String store, Optional<String> lostAt) {
    return name(
        image,
        Serialization.asJson(
            List.of(image.getMetadata().getUid(), "copy", store, lostAt.orElse(""), retry(image))));
  }

  /** Whether the image owns the import. */
  public static boolean isOwn(Image image, ImageImport job) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(image.getMetadata().getUid()));
  }

  /** The import itself, owned by the image. */
  public static ImageImport of(Image image) {
    ImageSpec spec = image.getSpec();
    return owned(
        image,
        name(image),
        ImageImportSpecBuilder.builder()
            .imageRef(new ObjectReference(image.getMetadata().getName()))
            .web(spec.source().web())
            .s3(spec.source().s3())
            .image(spec.source().image())
            .registry(spec.source().registry())
            .checksum(spec.checksum())
            .checksumFrom(spec.checksumFrom())
            .decompress(spec.decompress())
            .convertTo(target(spec))
            .stores(spec.stores())
            .allStores(spec.allStores())
            .allStoresMustSucceed(spec.minAvailable() == null)
            .build());
  }

  /** What only a later release knows can't be written; the import waits because of its image. */
  private static ConversionTarget target(ImageSpec spec) {
    return spec.convertTo() == ConversionTarget.UNKNOWN ? null : spec.convertTo();
  }

  /** The import that makes the copy in a store, owned by the image. It is tried for days. */
  public static ImageImport copy(Image image, String store, Optional<String> lostAt) {
    return owned(
        image,
        nameOfCopy(image, store, lostAt),
        ImageImportSpecBuilder.builder()
            .imageRef(new ObjectReference(image.getMetadata().getName()))
            .copy(new CopySourceSpec())
            .stores(List.of(store))
            .backoffLimit(PATIENT)
            .build());
  }

  private static ImageImport owned(Image image, String name, ImageImportSpec spec) {
    ImageImport job = new ImageImport();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(image.getMetadata().getNamespace())
            .withName(name)
            .addNewOwnerReference()
            .withApiVersion(image.getApiVersion())
            .withKind(image.getKind())
            .withName(image.getMetadata().getName())
            .withUid(image.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .build());
    job.setSpec(spec);
    return job;
  }

  private static String name(Image image, String what) {
    return image.getMetadata().getName()
        + "-"
        + HexFormat.of().formatHex(sha256(what)).substring(0, NAME_DIGITS);
  }

  private static String retry(Image image) {
    Map<String, String> annotations = image.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(ApiGroup.RETRY_ANNOTATION, "");
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance(Checksum.Algorithm.SHA256.jcaName())
          .digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the Java runtime lacks SHA-256", e);
    }
  }
}
