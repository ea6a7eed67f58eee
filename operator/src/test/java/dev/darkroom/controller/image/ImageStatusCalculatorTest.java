package dev.darkroom.controller.image;

import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.brief;
import static dev.darkroom.controller.Fixtures.copies;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.message;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.withBytes;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStatus;
import dev.darkroom.api.ImageSummary;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ImageFacts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStatusCalculatorTest {

  private static final ImportResult RESULT =
      new ImportResult(
          SHA256, Map.of("sha256", "ab".repeat(32)), 3L << 20, 1L << 30, "qcow2", null);

  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final Image image = image("ubuntu");
  private final ImageImport job = job("ubuntu-1", "ubuntu");
  private List<String> asked = List.of("fast");

  @Test
  void anImageWithoutASourceWaitsForAnImport() {
    ImageStatus status =
        new ImageStatusCalculator(image("ubuntu", spec -> spec), clock).awaitingImport();

    assertThat(status.phase()).isEqualTo(ImagePhase.QUEUED);
    assertThat(status.progress()).isEqualTo("AwaitingImport");
    assertThat(status.summary()).isEqualTo(new ImageSummary(null, null, "0/1"));
    assertThat(status.imageID()).isEqualTo("uid-of-ubuntu");
    assertThat(brief(status.conditions())).containsExactly("Ready=False/AwaitingImport");
    assertThat(message(status.conditions(), "Ready"))
        .isEqualTo("The image has no source; it waits for an ImageImport that names it.");
  }

  @Test
  void anImageWithoutItsImportHasNoneOfItsFields() {
    jobIs(s -> s.failed(Failure.of(Reason.UNSAFE_IMAGE, "It is bad.")));
    Image record = image("ubuntu", spec -> spec);
    record.setStatus(new ImageStatusCalculator(record, clock).following(job, asked));
    assertThat(record.getStatus().importRef()).isEqualTo(new ObjectReference("ubuntu-1"));

    ImageStatus status = new ImageStatusCalculator(record, clock).awaitingImport();

    assertThat(status.importRef()).isNull();
    assertThat(status.stores()).isEmpty();
    assertThat(brief(status.conditions())).containsExactly("Ready=False/AwaitingImport");
  }

  @Test
  void anImportThatHasNotBegunIsQueued() {
    ImageStatus status = view().following(job, asked);

    assertThat(status.phase()).isEqualTo(ImagePhase.QUEUED);
    assertThat(status.progress()).isEqualTo("Queued");
    assertThat(status.importRef()).isEqualTo(new ObjectReference("ubuntu-1"));
    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/Queued", "Reconciling=True/Queued");
  }

  @Test
  void copiesAreCountedAgainstTheNamedStoresBeforeTheImportHasAny() {
    Image two = image("ubuntu", spec -> spec.source(web(Fixtures.URL)).stores(List.of("a", "b")));

    assertThat(new ImageStatusCalculator(two, clock).following(job, asked).summary().stores())
        .isEqualTo("0/2");

    jobIs(s -> s.begun(1, List.of("a", "b", "c")));
    assertThat(new ImageStatusCalculator(two, clock).following(job, asked).summary().stores())
        .isEqualTo("0/3");
  }

  @Test
  void theConditionsOfARunningImportAreMirrored() {
    jobIs(s -> s.begun(1, List.of("fast")));
    jobIs(
        s ->
            s.running(
                new Progress(
                    Progress.Stage.IMPORTING,
                    42,
                    OptionalLong.of(100),
                    1,
                    clock.instant(),
                    Optional.empty())));

    ImageStatus status = view().following(job, asked);

    assertThat(status.phase()).isEqualTo(ImagePhase.IMPORTING);
    assertThat(status.progress()).isEqualTo("42%");
    assertThat(status.stores()).isEqualTo(copies(CopyState.COPYING, "fast"));
    assertThat(status.digest()).isNull();
    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/Importing", "Reconciling=True/Importing");
    assertThat(message(status.conditions(), "Ready"))
        .isEqualTo(message(job.getStatus().conditions(), "Ready"));
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED, QUEUED",
    "STAGING, IMPORTING",
    "IMPORTING, IMPORTING",
    "VALIDATING, IMPORTING",
    "REPLICATING, IMPORTING",
    "FAILED, FAILED"
  })
  void thePhaseFollowsTheImports(ImportPhase of, ImagePhase phase) {
    withStatus(job, status -> status.phase(of));

    assertThat(view().following(job, asked).phase()).isEqualTo(phase);
  }

  @Test
  void aFailedImportStallsTheImage() {
    jobIs(s -> s.failed(Failure.of(Reason.UNSAFE_IMAGE, "It names other files.")));

    ImageStatus status = view().following(job, asked);

    assertThat(status.phase()).isEqualTo(ImagePhase.FAILED);
    assertThat(status.progress()).isEqualTo("UnsafeImage");
    assertThat(brief(status.conditions()))
        .containsExactly("Ready=False/UnsafeImage", "Stalled=True/UnsafeImage");
    assertThat(message(status.conditions(), "Stalled")).isEqualTo("It names other files.");
  }

  @Test
  void anImageWithASuspendedImportRests() {
    jobIs(s -> s.waiting(Failure.of(Reason.SUSPENDED, "spec.suspend is true.")));

    assertThat(brief(view().following(job, asked).conditions()))
        .containsExactly("Ready=False/Suspended");
  }

  @Test
  void anImportThatSucceededMakesTheImageActive() {
    asked = List.of("cold", "fast");
    succeeded(copies(CopyState.AVAILABLE, "cold", "fast"));

    ImageStatus status = view().following(job, asked);

    assertThat(status.phase()).isEqualTo(ImagePhase.ACTIVE);
    assertThat(status.progress()).isEqualTo("Done");
    assertThat(status.digest()).isEqualTo(SHA256);
    assertThat(status.checksums()).containsOnlyKeys("sha256");
    assertThat(status.size()).isEqualTo(3L << 20);
    assertThat(status.virtualSize()).isEqualTo(1L << 30);
    assertThat(status.diskFormat()).isEqualTo("qcow2");
    assertThat(status.summary()).isEqualTo(new ImageSummary("3MiB", "1GiB", "2/2"));
    assertThat(brief(status.conditions()))
        .containsExactlyInAnyOrder(
            "Ready=True/Available", "Verified=True/Available", "Replicated=True/Available")
        .startsWith("Ready=True/Available");
    assertThat(message(status.conditions(), "Ready"))
        .isEqualTo("Verified bytes are in 2 of 2 stores: cold, fast.");
    assertThat(message(status.conditions(), "Replicated"))
        .isEqualTo("2 of 2 stores hold a verified copy.");
  }

  @Test
  void aSingleStoreIsNamedWithoutACount() {
    succeeded(copies(CopyState.AVAILABLE, "fast"));

    ImageStatus status = view().following(job, asked);

    assertThat(message(status.conditions(), "Ready"))
        .isEqualTo("Verified bytes are in store fast.");
    assertThat(message(status.conditions(), "Replicated"))
        .isEqualTo("1 of 1 store holds a verified copy.");
  }

  @Test
  void aFormatWithoutVirtualSizeHasAnEmptyColumn() {
    withStatus(
        job,
        status ->
            status
                .conditions(complete())
                .stores(copies(CopyState.AVAILABLE, "fast"))
                .result(new ImportResult(SHA256, Map.of(), 1L, null, "iso", null)));

    assertThat(view().following(job, asked).summary())
        .isEqualTo(new ImageSummary("1B", null, "1/1"));
  }

  @Test
  void theVerifiedConditionSaysWhetherAChecksumWasCompared() {
    succeeded(copies(CopyState.AVAILABLE, "fast"));
    Image checked = image("ubuntu", spec -> spec.source(web(Fixtures.URL)).checksum(SHA256));

    assertThat(
            message(
                new ImageStatusCalculator(checked, clock).following(job, asked).conditions(),
                "Verified"))
        .isEqualTo("Checksum, format and safety checks passed.");
    assertThat(message(view().following(job, asked).conditions(), "Verified"))
        .isEqualTo("Format and safety checks passed; no checksum was asked for.");
  }

  @Test
  void theNextStatusOfAnActiveImageIsEqual() {
    succeeded(copies(CopyState.AVAILABLE, "fast"));
    image.setStatus(view().following(job, asked));
    clock.advance(Duration.ofHours(1));

    assertThat(ImageFacts.hasBytes(image)).isTrue();
    assertThat(view().active(new Replicas(image.getStatus().stores(), asked, null)))
        .isEqualTo(image.getStatus());
  }

  @Test
  void aDeactivatedImageIsNotReadyAndItsNextStatusIsEqual() {
    image.setSpec(ImageSpecBuilder.builder(image.getSpec()).deactivated(true).build());
    succeeded(copies(CopyState.AVAILABLE, "fast"));

    image.setStatus(view().following(job, asked));

    assertThat(image.getStatus().phase()).isEqualTo(ImagePhase.DEACTIVATED);
    assertThat(brief(image.getStatus().conditions()))
        .containsExactly(
            "Ready=False/ImageDeactivated", "Verified=True/Available", "Replicated=True/Available");
    clock.advance(Duration.ofHours(1));
    assertThat(view().active(new Replicas(image.getStatus().stores(), asked, null)))
        .isEqualTo(image.getStatus());
  }

  @Test
  void theNextStatusOfAWaitingImageIsEqual() {
    image.setStatus(view().following(job, asked));
    clock.advance(Duration.ofHours(1));

    assertThat(ImageFacts.hasBytes(image)).isFalse();
    assertThat(view().following(job, asked)).isEqualTo(image.getStatus());
  }

  @Test
  void aDeletedImageNamesWhatTheDeletionWaitsFor() {
    succeeded(copies(CopyState.AVAILABLE, "fast"));
    image.setStatus(view().following(job, asked));
    image.getMetadata().setGeneration(2L);

    ImageStatus status = view().deleting("Store fast is removing its copy.");

    assertThat(status.phase()).isEqualTo(ImagePhase.DELETING);
    assertThat(status.progress()).isEqualTo("Deleting");
    assertThat(status.digest()).isEqualTo(SHA256);
    assertThat(status.stores()).isEqualTo(copies(CopyState.AVAILABLE, "fast"));
    assertThat(status.observedGeneration()).isEqualTo(2);
    assertThat(brief(status.conditions()))
        .startsWith("Ready=False/Deleting", "Reconciling=True/Deleting");
    assertThat(message(status.conditions(), "Ready")).isEqualTo("Store fast is removing its copy.");
  }

  @Test
  void aMissingCopyDegradesAnImageThatIsReady() {
    asked = List.of("cold", "fast");
    Image two = withBytes(image("ubuntu", spec -> spec.minAvailable(1)), "fast");

    ImageStatus status = active(two);

    assertThat(status.phase()).isEqualTo(ImagePhase.DEGRADED);
    assertThat(status.progress()).isEqualTo("Replicating");
    assertThat(status.summary().stores()).isEqualTo("1/2");
    assertThat(brief(status.conditions()))
        .containsExactly(
            "Ready=True/Available", "Verified=True/Available", "Replicated=False/Replicating");
    assertThat(message(status.conditions(), "Replicated"))
        .isEqualTo("1 of 2 stores hold a verified copy. Copies are being made in: cold.");
  }

  @Test
  void tooFewCopiesMakeTheImageNotReady() {
    asked = List.of("cold", "fast");

    ImageStatus status = active(withBytes(image, "fast"));

    assertThat(status.phase()).isEqualTo(ImagePhase.DEGRADED);
    assertThat(brief(status.conditions()))
        .startsWith("Ready=False/Replicating", "Reconciling=True/Replicating");
  }

  @Test
  void anUnwantedCopyIsNamedUntilItIsRemoved() {
    ImageStatus status = active(withBytes(image, "cold", "fast"));

    assertThat(status.phase()).isEqualTo(ImagePhase.DEGRADED);
    assertThat(brief(status.conditions()))
        .containsExactly(
            "Ready=True/Available", "Verified=True/Available", "Replicated=True/Available");
    assertThat(message(status.conditions(), "Replicated"))
        .isEqualTo(
            "1 of 1 store holds a verified copy. Copies in stores that shall have none are"
                + " removed: cold.");
  }

  @Test
  void anImageWithoutAVerifiedCopyIsStalled() {
    withBytes(image, "fast");
    Replicas copies = new Replicas(image.getStatus().stores(), asked, null);
    copies.found("fast", new CopyFinding.Corrupt("Its digest is another."));

    ImageStatus status = view().active(copies);

    assertThat(status.digest()).isEqualTo(SHA256);
    assertThat(brief(status.conditions()))
        .containsExactlyInAnyOrder(
            "Ready=False/CopyCorrupt",
            "Stalled=True/CopyCorrupt",
            "Verified=False/CopyCorrupt",
            "Replicated=False/CopyCorrupt");
    assertThat(message(status.conditions(), "Ready")).contains("Its digest is another.");
  }

  private ImageStatus active(Image of) {
    return new ImageStatusCalculator(of, clock)
        .active(new Replicas(of.getStatus().stores(), asked, of.getSpec().minAvailable()));
  }

  private ImageStatusCalculator view() {
    return new ImageStatusCalculator(image, clock);
  }

  private void jobIs(Function<ImportStatusCalculator, ImageImportStatus> step) {
    withStatus(job, step.apply(new ImportStatusCalculator(job, clock)));
  }

  private void succeeded(List<StoreCopy> copies) {
    withStatus(job, status -> status.conditions(complete()).stores(copies).result(RESULT));
  }

  private List<Condition> complete() {
    return Conditions.after(List.of(), 1L, clock)
        .ready("Succeeded", "It is there.")
        .setTrue("Complete", "Succeeded", "It is there.")
        .list();
  }
}
