package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.URL;
import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.ownedBy;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.withBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether an import can start, and its request. */
class ImportPlannerTest extends ImportPlanScenario {

  @Test
  void anImportWithoutItsImageWaits() {
    Failure failure = held(planner.plan(job, Optional.empty(), Optional.empty()));

    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_NOT_VISIBLE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.WAIT);
    assertThat(failure.message()).contains("Image ubuntu");
  }

  @Test
  void anImageThatIsBeingDeletedIsNotVisible() {
    assertThat(held(plan(job, deletedAt(Instant.EPOCH, record))).reason())
        .isEqualTo(Reason.IMAGE_NOT_VISIBLE);
  }

  @Test
  void anImageWithBytesRefusesAnImport() {
    Failure failure = held(plan(job, withBytes(record, "fast")));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
    assertThat(failure.message()).contains("Image ubuntu");
  }

  @Test
  void anImageWithASourceAcceptsOnlyItsOwnImport() {
    Image image = image("ubuntu");

    assertHeld(plan(job, image), Reason.INVALID_SOURCE, "Image ubuntu", "spec.source");
    assertThat(plan(ownedBy(image, job), image)).isInstanceOf(ImportPlan.Go.class);
  }

  @Test
  void anImportWaitsForTheOneAheadOfIt() {
    ImageImport ahead = job("earlier", "ubuntu");

    Failure failure = held(planner.plan(job, Optional.of(record), Optional.of(ahead)));

    assertThat(failure.reason()).isEqualTo(Reason.IMPORT_IN_PROGRESS);
    assertThat(failure.message()).contains("ImageImport earlier");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://images.example/a", "https://", "no url", "https:a"})
  void anUnusableUrlIsTerminal(String url) {
    ImageImport bad = job("first", "ubuntu", spec -> spec.web(WebSourceSpec.of(url)));

    Failure failure = held(plan(bad, record));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).isNotBlank();
  }

  @Test
  void aMalformedChecksumIsRefused() {
    assertHeld(
        plan(job("first", "ubuntu", spec -> spec.checksum("sha256:ab")), record),
        Reason.INVALID_SOURCE,
        "sha256:ab");
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.checksum("crc32:00"))),
        Reason.INVALID_SOURCE,
        "crc32:00");
  }

  @Test
  void differentChecksumsAreRefused() {
    Failure failure =
        held(
            plan(
                job("first", "ubuntu", spec -> spec.checksum(MD5)),
                image("ubuntu", spec -> spec.checksum(SHA256))));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).contains(MD5, SHA256);
  }

  @Test
  void theChecksumOfTheImportOrOfItsImageIsUsed() {
    ImageImport withChecksum = job("first", "ubuntu", spec -> spec.checksum(SHA256));
    Image imageWithChecksum =
        image("ubuntu", spec -> spec.checksum(SHA256.toUpperCase(Locale.ROOT)));

    assertThat(request(plan(job, record)).checksum()).isEmpty();
    assertThat(request(plan(withChecksum, record)).checksum()).isEqualTo(Checksum.parse(SHA256));
    assertThat(request(plan(job, imageWithChecksum)).checksum()).isEqualTo(Checksum.parse(SHA256));
    assertThat(request(plan(withChecksum, imageWithChecksum)).checksum())
        .isEqualTo(Checksum.parse(SHA256));
  }

  @Test
  void theRequestHasEveryFieldOfTheManifests() throws IOException {
    stores.put(open("cold", directory("cold")));
    Image image =
        image(
            "ubuntu",
            spec ->
                spec.source(web(URL))
                    .diskFormat(DiskFormatName.RAW)
                    .stores(List.of("cold", "fast"))
                    .displayName("Ubuntu"));

    TransferRequest request = request(plan(ownedBy(image, job), image));

    assertThat(request.source().describe()).isEqualTo(URL);
    assertThat(request.declaredFormat()).contains(DiskFormat.RAW);
    assertThat(request.targets()).extracting(Target::name).containsExactly("cold", "fast");
    assertThat(request.targets())
        .extracting(Target::key)
        .containsOnly(new BlobKey("lab/ubuntu-uid-of-ubuntu"));
    assertThat(request.targets())
        .extracting(Target::store)
        .containsExactly(
            stores.find("cold").flatMap(StoreRegistry.Entry::store).orElseThrow(),
            stores.find("fast").flatMap(StoreRegistry.Entry::store).orElseThrow());
    assertThat(request.attributes())
        .containsEntry("namespace", NAMESPACE)
        .containsEntry("name", "ubuntu")
        .containsEntry("uid", "uid-of-ubuntu")
        .containsOnlyKeys("namespace", "name", "uid", "import", "spec");
    assertThat(request.attributes().get("spec")).contains("\"displayName\":\"Ubuntu\"");
  }
}
