package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An import has limits, and a person may stop it and let it go on. */
class ImportLimitsTest extends ImportScenario {

  private StoreDirectory store;

  @BeforeEach
  void imageThatWaits() throws IOException {
    store = defaultStore();
    tenant.createImage("disk", ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  @Test
  void withoutAnotherAttemptTheFirstFailureIsTheEnd() {
    web.on("/disk", WebResponses.status(500));

    tenant.createImport("once", importOf("disk", "/disk").backoffLimit(0).build());

    ImageImport job = tenant.await(ImageImport.class, "once", stalled("BackoffLimitExceeded"));
    assertThat(message(job)).contains("1 attempt;").contains("SourceUnavailable").contains("500");
    assertThat(condition(job, "Failed")).isPresent();
    assertThat(job.getStatus().completionTime()).isNotNull();
    assertThat(web.requests()).hasSize(1);
  }

  @Test
  void anotherImportMayFollowOneThatFailed() {
    web.on("/bad", WebResponses.status(404)).on("/good", WebResponses.bytes(Disk.raw(100_000)));
    tenant.createImport("first", importOf("disk", "/bad").build());
    tenant.await(Image.class, "disk", stalled("SourceNotFound"));

    tenant.createImport("second", importOf("disk", "/good").build());

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(image.getStatus().importRef().name()).isEqualTo("second");
  }

  @Test
  void oneImportWaitsForTheOtherAndComesTooLate() {
    SteppedResponse gate = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", gate);
    tenant.createImport("a", importOf("disk", "/disk").build());
    gate.awaitArrival();

    tenant.createImport("b", importOf("disk", "/disk").build());

    tenant.await(ImageImport.class, "b", ConditionPredicates.reconciling("ImportInProgress"));
    gate.open();
    tenant.await(ImageImport.class, "a", ready());
    ImageImport late = tenant.await(ImageImport.class, "b", stalled("InvalidSource"));
    assertThat(message(late)).contains("already has its bytes");
    assertThat(web.requests()).hasSize(1);
    assertThat(tenant.image("disk").getStatus().importRef().name()).isEqualTo("a");
  }

  @Test
  void anImportThatTakesTooLongEnds() {
    SteppedResponse gate = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", gate);

    tenant.createImport("slow", importOf("disk", "/disk").activeDeadlineSeconds(1L).build());

    ImageImport job = tenant.await(ImageImport.class, "slow", stalled("DeadlineExceeded"));
    assertThat(message(job)).contains("1 seconds");
    assertThat(tenant.awaitEvent("slow", "DeadlineExceeded")).isEqualTo(message(job));
    assertThat(store.content()).isEmpty();
    tenant.await(Image.class, "disk", stalled("DeadlineExceeded"));
  }

  @Test
  void theDeadlineCountsPausesToo() {
    web.on("/disk", WebResponses.status(500));

    tenant.createImport("slow", importOf("disk", "/disk").activeDeadlineSeconds(2L).build());

    tenant.await(ImageImport.class, "slow", stalled("DeadlineExceeded"));
  }

  @Test
  void aFinishedImportIsDeletedWhenItsTimeIsUp() {
    web.on("/disk", WebResponses.bytes(Disk.raw(100_000)));

    tenant.createImport("brief", importOf("disk", "/disk").ttlSecondsAfterFinished(1L).build());

    tenant.await(Image.class, "disk", ready());
    tenant.awaitGone(ImageImport.class, "brief");
    assertThat(tenant.image("disk")).matches(ready());
    assertThat(store.disk(tenant.image("disk"))).isRegularFile();
  }

  @Test
  void aFailedImportIsDeletedWhenItsTimeIsUp() {
    tenant.createImport("brief", importOf("disk", "/disk").ttlSecondsAfterFinished(0L).build());

    tenant.awaitGone(ImageImport.class, "brief");
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  @Test
  void aSuspendedImportAsksNobodyForAnything() {
    web.on("/disk", WebResponses.bytes(Disk.raw(100_000)));
    tenant.createImport("later", importOf("disk", "/disk").suspend(true).build());
    tenant.await(ImageImport.class, "later", resting("Suspended"));
    tenant.await(Image.class, "disk", resting("Suspended"));
    assertThat(web.requests()).isEmpty();

    suspend("later", false);

    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void aRunningImportCanBeSuspendedAndResumed() {
    Disk disk = Disk.raw(100_000);
    SteppedResponse gate = new SteppedResponse(disk);
    web.on("/disk", gate);
    tenant.createImport("later", importOf("disk", "/disk").build());
    gate.awaitArrival();

    suspend("later", true);

    tenant.await(ImageImport.class, "later", resting("Suspended"));
    assertThat(store.content()).isEmpty();

    web.on("/disk", WebResponses.bytes(disk));
    suspend("later", false);
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(tenant.get(ImageImport.class, "later").getStatus().attempts())
        .as("a suspension is no failure")
        .isEqualTo(1);
    gate.open();
  }

  @Test
  void anImportThatIsDeletedLeavesNothingBehind() {
    SteppedResponse gate = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", gate);
    tenant.createImport("cancelled", importOf("disk", "/disk").build());
    gate.awaitArrival();

    tenant.delete(ImageImport.class, "cancelled");

    tenant.awaitGone(ImageImport.class, "cancelled");
    assertThat(store.content()).isEmpty();
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  private void suspend(String job, boolean suspend) {
    tenant.edit(
        ImageImport.class,
        job,
        object -> {
          object.setSpec(ImageImportSpecBuilder.builder(object.getSpec()).suspend(suspend).build());
          return object;
        });
  }
}
