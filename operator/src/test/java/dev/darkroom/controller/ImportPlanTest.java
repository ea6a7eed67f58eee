package dev.darkroom.controller;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.URL;
import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.markedDefault;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.ownedBy;
import static dev.darkroom.controller.Fixtures.store;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.withBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.source.AddressPolicy;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.WebClient;
import dev.darkroom.source.WebLimits;
import dev.darkroom.source.WebSource;
import dev.darkroom.store.BlobKey;
import dev.darkroom.transfer.Checksum;
import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Reason;
import dev.darkroom.transfer.Target;
import dev.darkroom.transfer.TransferRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportPlanTest {

  private static final String MD5 = "md5:" + "0f".repeat(16);

  @TempDir private Path directory;
  private final WebClient client =
      new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
  private final OpenStores stores = new OpenStores();

  /** An Image without a source, and an import for it: it can start. */
  private final Image record = image("ubuntu", spec -> spec);

  private final ImageImport job = job("first", "ubuntu");

  @BeforeEach
  void aDefaultStoreIsOpen() throws IOException {
    stores.put(open(markedDefault(store("fast", directory("fast")))));
  }

  @AfterEach
  void close() throws IOException {
    stores.close();
    client.close();
  }

  @Test
  void anImportWhoseImageIsNotThereWaitsForIt() {
    Failure failure =
        held(ImportPlan.of(job, Optional.empty(), Optional.empty(), stores, this::source));

    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_NOT_VISIBLE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.WAIT);
    assertThat(failure.message()).isEqualTo("There is no Image ubuntu in this namespace.");
  }

  @Test
  void anImageThatGoesIsNotThereAnyMore() {
    assertThat(held(plan(job, deletedAt(Instant.EPOCH, record))).reason())
        .isEqualTo(Reason.IMAGE_NOT_VISIBLE);
  }

  @Test
  void anImageWithBytesTakesNoOthers() {
    Failure failure = held(plan(job, withBytes(record, "fast")));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.reason().recovery()).isEqualTo(Reason.Recovery.TERMINAL);
    assertThat(failure.message())
        .isEqualTo("Image ubuntu has its bytes already; they never change.");
  }

  @Test
  void anImageWithASourceTakesItsOwnImportOnly() {
    Image image = image("ubuntu");

    assertThat(held(plan(job, image)))
        .isEqualTo(
            Failure.of(
                Reason.INVALID_SOURCE,
                "Image ubuntu has a source of its own; an import is for an Image without one."));
    assertThat(plan(ownedBy(image, job), image)).isInstanceOf(ImportPlan.Go.class);
  }

  @Test
  void anImportWaitsForTheOneAheadOfIt() {
    ImageImport ahead = job("earlier", "ubuntu");

    Failure failure =
        held(ImportPlan.of(job, Optional.of(record), Optional.of(ahead), stores, this::source));

    assertThat(failure.reason()).isEqualTo(Reason.IMPORT_IN_PROGRESS);
    assertThat(failure.message()).isEqualTo("ImageImport earlier comes first.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://images.example/a", "https://", "no url", "https:a"})
  void aUrlThatCannotBeUsedIsRefusedForGood(String url) {
    ImageImport bad = job("first", "ubuntu", spec -> spec.web(WebSourceSpec.of(url)));

    Failure failure = held(plan(bad, record));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message()).isNotBlank();
  }

  @Test
  void whatIsNoChecksumIsRefused() {
    assertThat(held(plan(job("first", "ubuntu", spec -> spec.checksum("sha256:ab")), record)))
        .isEqualTo(Failure.of(Reason.INVALID_SOURCE, "Not a checksum: sha256:ab"));
    assertThat(held(plan(job, image("ubuntu", spec -> spec.checksum("crc32:00")))).message())
        .isEqualTo("Not a checksum: crc32:00");
  }

  @Test
  void twoChecksumsThatDifferAreRefused() {
    Failure failure =
        held(
            plan(
                job("first", "ubuntu", spec -> spec.checksum(MD5)),
                image("ubuntu", spec -> spec.checksum(SHA256))));

    assertThat(failure.reason()).isEqualTo(Reason.INVALID_SOURCE);
    assertThat(failure.message())
        .isEqualTo("The import asks for " + MD5 + ", its Image for " + SHA256 + ".");
  }

  @Test
  void oneChecksumIsEnoughWhoeverGaveIt() {
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
  void withoutADefaultStoreAnImageThatNamesNoneWaits() {
    stores.remove("fast");

    assertThat(held(plan(job, record)))
        .isEqualTo(
            Failure.of(
                Reason.STORE_MISSING,
                "No ImageStore is marked default, and the image names none in spec.stores."));
  }

  @Test
  void aStoreThatIsNotThereIsNamed() {
    Failure failure =
        held(plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))));

    assertThat(failure).isEqualTo(Failure.of(Reason.STORE_MISSING, "There is no ImageStore cold."));
  }

  @Test
  void theTroubleOfAStoreIsTheImports() throws IOException {
    Failure full = Failure.of(Reason.STORE_FULL, "Store fast: no space left");
    OpenStores.Entry fast = stores.find("fast").orElseThrow();
    stores.put(new OpenStores.Entry(fast.definition(), fast.store(), Optional.of(full)));

    assertThat(held(plan(job, record))).isEqualTo(full);
  }

  @Test
  void aStoreThatIsBeingOpenedIsWaitedForWithoutAWord() {
    stores.announce(store("cold", directory));

    assertThat(plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))))
        .isInstanceOf(ImportPlan.Later.class);
  }

  @Test
  void theRequestSaysAllThatTheManifestsSay() throws IOException {
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
            stores.find("cold").flatMap(OpenStores.Entry::store).orElseThrow(),
            stores.find("fast").flatMap(OpenStores.Entry::store).orElseThrow());
    assertThat(request.attributes())
        .containsEntry("namespace", NAMESPACE)
        .containsEntry("name", "ubuntu")
        .containsEntry("uid", "uid-of-ubuntu")
        .containsOnlyKeys("namespace", "name", "uid", "import", "spec");
    assertThat(request.attributes().get("spec")).contains("\"displayName\":\"Ubuntu\"");
  }

  @Test
  void theStoresOfTheImportGoBeforeThoseOfTheImageAndThoseBeforeTheDefault() throws IOException {
    stores.put(open("cold", directory("cold")));
    Image cold = image("ubuntu", spec -> spec.stores(List.of("cold")));
    ImageImport fast = job("first", "ubuntu", spec -> spec.stores(List.of("fast")));

    assertThat(request(plan(job, record)).targets()).extracting(Target::name).containsOnly("fast");
    assertThat(request(plan(job, cold)).targets()).extracting(Target::name).containsOnly("cold");
    assertThat(request(plan(fast, cold)).targets()).extracting(Target::name).containsOnly("fast");
  }

  private ImportPlan plan(ImageImport of, Image image) {
    return ImportPlan.of(of, Optional.of(image), Optional.empty(), stores, this::source);
  }

  private WebSource source(String url) throws SourceException {
    return new WebSource(url, client);
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private static Failure held(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Hold.class);
    return ((ImportPlan.Hold) plan).failure();
  }

  private static TransferRequest request(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Go.class);
    return ((ImportPlan.Go) plan).request();
  }
}
