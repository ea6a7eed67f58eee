package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.withBytes;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.ChecksumFromSpec;
import dev.darkroom.api.ConversionTarget;
import dev.darkroom.api.Decompression;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.KeyHolder;
import dev.darkroom.api.PublicKeyReference;
import dev.darkroom.api.SignatureSpec;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The source image, the terms and the published checksum of an import. */
class ImportDeliveryTest extends ImportPlanScenario {

  @Test
  void anImportWaitsForItsSourceImage() {
    ImageImport copy = job("first", "ubuntu", s -> s.web(null).image(ImageReference.of("golden")));
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_VISIBLE, "Image golden");
    Image golden = image("golden");
    others.put(ResourceID.fromResource(golden), golden);
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_READY, "Image lab/golden", "no bytes");
    withBytes(golden, "fast");
    assertHeld(plan(copy, record), Reason.IMAGE_NOT_READY, "Image lab/golden", "not Ready");

    withStatus(
        withBytes(golden, "fast"),
        status ->
            status.conditions(
                Conditions.after(List.of(), 1L, Clock.systemUTC()).ready("Available", "").list()));

    Facts facts = request(plan(copy, record)).expected().orElseThrow();
    assertThat(Optional.of(facts.sha256())).isEqualTo(Checksum.parse(SHA256));
    assertThat(facts.format()).isEqualTo(DiskFormat.QCOW2);
  }

  @Test
  void theRequestMustAgreeWithTheFactsOfTheSourceImage() {
    readyGolden();

    assertThat(held(plan(golden("sha256:" + "0".repeat(64)), record)).reason())
        .isEqualTo(Reason.CHECKSUM_MISMATCH);
    assertThat(held(plan(golden("sha512:" + "0".repeat(128)), record)).message())
        .contains("sha512", SHA256);
    assertThat(request(plan(golden(SHA256), record)).expected()).isPresent();
  }

  @Test
  void theTermsAreThoseOfTheImportOrOfItsImage() {
    ImageImport converted = job("first", "ubuntu", s -> s.convertTo(ConversionTarget.RAW));
    Image asItIs = image("ubuntu", s -> s.source(null).decompress(Decompression.NEVER));

    assertThat(request(plan(converted, record)).delivery())
        .isEqualTo(
            new DeliveryTerms(Optional.empty(), Decompress.AUTO, Optional.of(TargetFormat.RAW)));
    assertThat(request(plan(job, asItIs)).delivery().decompress()).isEqualTo(Decompress.NEVER);
    assertThat(request(plan(job, record)).delivery()).isEqualTo(DeliveryTerms.defaults());
  }

  @Test
  void differentTermsOfImportAndImageAreRefused() {
    ImageImport converted = job("first", "ubuntu", s -> s.convertTo(ConversionTarget.RAW));
    Image other = image("ubuntu", s -> s.source(null).convertTo(ConversionTarget.QCOW2));

    Failure failure = held(plan(converted, other));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains("convertTo");
  }

  @Test
  void theDefaultEntryOfAChecksumsFileIsTheFileName() {
    ImageImport unnamed = published(new ChecksumFromSpec(SUMS_URL, null, null));
    ImageImport named = published(new ChecksumFromSpec(SUMS_URL, "other.img", null));

    PublishedChecksum published =
        request(plan(unnamed, record)).delivery().published().orElseThrow();

    assertThat(published.entry()).isEqualTo("ubuntu.qcow2");
    assertThat(published.sums().describe()).isEqualTo(SUMS_URL);
    assertThat(published.signedBy()).isEmpty();
    assertThat(request(plan(named, record)).delivery().published().orElseThrow().entry())
        .isEqualTo("other.img");
  }

  @Test
  void aMissingPublicKeyIsWaitedFor() {
    Failure inSecret = held(plan(published(signedBy(KeyHolder.SECRET)), record));
    Failure inMap = held(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record));

    assertThat(inSecret.reason()).isEqualTo(Reason.SECRET_MISSING);
    assertThat(inSecret.message()).contains("Secret publisher", "namespace lab");
    assertThat(inMap.reason()).isEqualTo(Reason.CONFIG_MAP_MISSING);
    assertThat(inMap.reason().recovery()).isEqualTo(Reason.Recovery.WAIT);
  }

  @Test
  void aMalformedPublicKeyIsTerminal() {
    publish("no key");

    Failure failure = held(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record));

    assertThat(failure.reason()).isEqualTo(Reason.SIGNATURE_INVALID);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
    assertThat(failure.message()).startsWith("Entry key.pub of ConfigMap publisher");
  }

  @Test
  void aSignatureIsCheckedWithThePublishersKey() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    publish(
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PUBLIC KEY-----\n");

    PublishedChecksum.SignedBy signedBy =
        request(plan(published(signedBy(KeyHolder.CONFIG_MAP)), record))
            .delivery()
            .published()
            .flatMap(PublishedChecksum::signedBy)
            .orElseThrow();

    assertThat(signedBy.signature().orElseThrow().describe()).isEqualTo(SUMS_URL + ".sig");
  }

  @Test
  void aCopyOfAnImageIsNeverConverted() {
    readyGolden();
    ImageImport converted =
        job(
            "first",
            "ubuntu",
            s -> s.web(null).image(ImageReference.of("golden")).convertTo(ConversionTarget.RAW));

    Failure failure = held(plan(converted, record));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains("convertTo", "qcow2");
  }

  private static ImageImport published(ChecksumFromSpec from) {
    return job("first", "ubuntu", s -> s.checksumFrom(from));
  }

  private static ChecksumFromSpec signedBy(KeyHolder kind) {
    return new ChecksumFromSpec(
        SUMS_URL,
        null,
        new SignatureSpec(SUMS_URL + ".sig", new PublicKeyReference(kind, "publisher", "key.pub")));
  }

  private void publish(String key) {
    cluster
        .client()
        .configMaps()
        .inNamespace(NAMESPACE)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("publisher")
                .endMetadata()
                .addToData("key.pub", key)
                .build())
        .create();
  }

  private void readyGolden() {
    Image golden =
        withStatus(
            withBytes(image("golden"), "fast"),
            status ->
                status.conditions(
                    Conditions.after(List.of(), 1L, Clock.systemUTC())
                        .ready("Available", "")
                        .list()));
    others.put(ResourceID.fromResource(golden), golden);
  }

  private static ImageImport golden(String checksum) {
    return job(
        "first", "ubuntu", s -> s.web(null).image(ImageReference.of("golden")).checksum(checksum));
  }
}
