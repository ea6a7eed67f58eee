package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.DeliveredFacts;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.KeyHolder;
import dev.darkroom.api.PublicKeyReference;
import dev.darkroom.api.SignatureSpec;
import dev.darkroom.codec.Codec;
import dev.darkroom.codec.Compressed;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.convert.QemuImg;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Images that are published compressed and signed, and stored in another format. */
class ConversionTest extends ImportScenario {

  private static final Disk DISK = Disk.qcow2();
  private static final Disk GZIP = Disk.of(Compressed.with(Codec.GZIP, DISK.bytes()));

  private final KeyPair publisher = keys();

  @Override
  protected OperatorSettings settings() {
    try {
      Path staging = Files.createDirectory(directory.resolve("staging"));
      return quick()
          .referenceInterval(Duration.ofMillis(300))
          .staging(Optional.of(staging))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void statusHasPublishedAndStoredBytes() throws Exception {
    assumeTrue(QemuImg.find().isPresent(), "qemu-img is not installed");
    StoreDirectory store = defaultStore();
    publish(GZIP, publisher);
    tenant.createImage(
        "fedora",
        from("/fedora.qcow2.gz").checksumFrom(signed()).convertTo(ConversionTarget.RAW).build());
    Image waiting = tenant.await(Image.class, "fedora", reconciling("ConfigMapMissing"));
    assertThat(message(waiting)).contains("publisher");
    assertThat(web.requests()).as("requests before the key exists").isEmpty();

    createKey();

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(image.getStatus().diskFormat()).isEqualTo("raw");
    assertThat(Files.size(store.disk(image))).isEqualTo(1L << 30);
    assertThat(image.getStatus().size()).isEqualTo(1L << 30);
    DeliveredFacts delivered = image.getStatus().delivered();
    assertThat(delivered.size()).isEqualTo(GZIP.size());
    assertThat(delivered.checksums().get("sha256")).isEqualTo(GZIP.checksum().split(":")[1]);
    assertThat(delivered.compression()).isEqualTo("gzip");
    assertThat(delivered.diskFormat()).isEqualTo("qcow2");
    assertThat(delivered.signedBy()).contains("sha256:");
    assertThat(image.getStatus().digest()).isNotEqualTo(GZIP.checksum());
    ImageImport job = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(job.getStatus().result().delivered()).isEqualTo(delivered);
  }

  @Test
  void signatureOfAnotherKeyIsRefused() throws Exception {
    StoreDirectory store = defaultStore();
    publish(GZIP, keys());
    createKey();

    tenant.createImage("fedora", from("/fedora.qcow2.gz").checksumFrom(signed()).build());

    Image image = tenant.await(Image.class, "fedora", stalled("SignatureInvalid"));
    assertThat(message(image)).isNotEmpty();
    assertThat(web.requests())
        .noneMatch(request -> request.toString().contains("/fedora.qcow2.gz"));
    assertThat(store.content()).isEmpty();
  }

  @Test
  void compressedImageIsDecompressedByDefault() throws Exception {
    StoreDirectory store = defaultStore();
    web.on("/fedora.qcow2.gz", WebResponses.bytes(GZIP));

    tenant.createImage("fedora", from("/fedora.qcow2.gz").checksum(GZIP.checksum()).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(Files.readAllBytes(store.disk(image))).isEqualTo(DISK.bytes());
    assertThat(image.getStatus().digest()).isEqualTo(DISK.checksum());
    assertThat(image.getStatus().delivered().compression()).isEqualTo("gzip");
  }

  private void publish(Disk disk, KeyPair signer) throws GeneralSecurityException {
    Disk sums = Disk.of((disk.checksum().split(":")[1] + "  fedora.qcow2.gz\n").getBytes(UTF_8));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(signer.getPrivate());
    signature.update(sums.bytes());
    web.on("/fedora.qcow2.gz", WebResponses.bytes(disk));
    web.on("/SHA256SUMS", WebResponses.bytes(sums));
    web.on(
        "/SHA256SUMS.sig",
        WebResponses.bytes(Disk.of(Base64.getEncoder().encode(signature.sign()))));
  }

  private ChecksumFromSpec signed() {
    return new ChecksumFromSpec(
        web.url("/SHA256SUMS"),
        null,
        new SignatureSpec(
            web.url("/SHA256SUMS.sig"),
            new PublicKeyReference(KeyHolder.CONFIG_MAP, "publisher", "cosign.pub")));
  }

  private void createKey() {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(publisher.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(tenant.namespace())
                .withName("publisher")
                .endMetadata()
                .addToData("cosign.pub", pem)
                .build())
        .create();
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
