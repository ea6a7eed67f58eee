package dev.darkroom.controller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.transfer.Checksum;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * The ImageImport that an Image with a source gets. Its name follows from what the source, the
 * checksum, the format, the stores and the retry annotation say: when one of them is mended, a new
 * import is due; while none is, the same one is found again.
 */
final class OwnImport {

  private static final int NAME_DIGITS = 10;

  private OwnImport() {}

  /** The name that the import of the image as it is now has. */
  static String name(Image image) {
    Map<String, String> annotations = image.getMetadata().getAnnotations();
    String retry = annotations == null ? null : annotations.get(ApiGroup.RETRY_ANNOTATION);
    String what =
        Serialization.asJson(
            Arrays.asList(
                image.getMetadata().getUid(),
                image.getSpec().source(),
                image.getSpec().checksum(),
                image.getSpec().diskFormat(),
                image.getSpec().stores(),
                Objects.requireNonNullElse(retry, "")));
    return image.getMetadata().getName()
        + "-"
        + HexFormat.of().formatHex(sha256(what)).substring(0, NAME_DIGITS);
  }

  /** The import itself, owned by the image. */
  static ImageImport of(Image image) {
    ImageImport job = new ImageImport();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(image.getMetadata().getNamespace())
            .withName(name(image))
            .addNewOwnerReference()
            .withApiVersion(image.getApiVersion())
            .withKind(image.getKind())
            .withName(image.getMetadata().getName())
            .withUid(image.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .build());
    job.setSpec(
        ImageImportSpecBuilder.builder()
            .imageRef(new ObjectReference(image.getMetadata().getName()))
            .web(image.getSpec().source().web())
            .checksum(image.getSpec().checksum())
            .stores(image.getSpec().stores())
            .build());
    return job;
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
