package dev.darkroom.controller.imageimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.CopySourceSpec;
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
 * Makes the ImageImports that an Image owns. The name of an import is a hash of the source, the
 * checksum, the format, the stores and the retry annotation of its Image: a change of one of them
 * causes a new import, and an unchanged Image finds its import again.
 */
public final class ImageImportFactory {

  private static final int NAME_DIGITS = 10;

  /** The highest back-off limit that the API allows: a copy is retried for days. */
  private static final int COPY_BACKOFF_LIMIT = 1000;

  private ImageImportFactory() {}

  /**
   * The name of the import for the current spec of the image. A field of a later release is part of
   * the name only when it is set: an upgrade during an import keeps the name.
   */
  static String name(Image image) {
    String spec =
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
    return name(image, spec);
  }

  /** Whether an import with this name brings the bytes for the current spec of the image. */
  public static boolean isNamed(Image image, String name) {
    return name.equals(name(image));
  }

  /**
   * The name of the import that makes the copy in a store.
   *
   * @param lostAt the last verification of a lost copy: each loss causes a new import; empty for
   *     the first copy
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

  /** The import for the spec of the image, owned by the image. */
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

  /** A value of a later release is left out; the import then waits because of its Image. */
  private static ConversionTarget target(ImageSpec spec) {
    return spec.convertTo() == ConversionTarget.UNKNOWN ? null : spec.convertTo();
  }

  /** The import that makes the copy in a store, owned by the image. */
  public static ImageImport copy(Image image, String store, Optional<String> lostAt) {
    return owned(
        image,
        nameOfCopy(image, store, lostAt),
        ImageImportSpecBuilder.builder()
            .imageRef(new ObjectReference(image.getMetadata().getName()))
            .copy(new CopySourceSpec())
            .stores(List.of(store))
            .backoffLimit(COPY_BACKOFF_LIMIT)
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

  private static String name(Image image, String content) {
    return image.getMetadata().getName()
        + "-"
        + HexFormat.of().formatHex(sha256(content)).substring(0, NAME_DIGITS);
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
