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

/** Limits of imports, suspend and resume. */
class ImportLimitsTest extends ImportScenario {

  private StoreDirectory store;

  @BeforeEach
  void createImageWithoutSource() throws IOException {
    store = defaultStore();
    tenant.createImage("disk", ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  @Test
  void backoffLimitZeroFailsAfterOneAttempt() {
    web.on("/disk", WebResponses.status(500));

    tenant.createImport("once", importOf("disk", "/disk").backoffLimit(0).build());

    ImageImport imageImport =
        tenant.await(ImageImport.class, "once", stalled("BackoffLimitExceeded"));
    assertThat(message(imageImport))
        .contains("1 attempt;")
        .contains("SourceUnavailable")
        .contains("500");
    assertThat(condition(imageImport, "Failed")).isPresent();
    assertThat(imageImport.getStatus().completionTime()).isNotNull();
    assertThat(web.requests()).hasSize(1);
  }

  @Test
  void secondImportSucceedsAfterAFailedOne() {
    web.on("/bad", WebResponses.status(404)).on("/good", WebResponses.bytes(Disk.raw(100_000)));
    tenant.createImport("first", importOf("disk", "/bad").build());
    tenant.await(Image.class, "disk", stalled("SourceNotFound"));

    tenant.createImport("second", importOf("disk", "/good").build());

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(image.getStatus().importRef().name()).isEqualTo("second");
  }

  @Test
  void secondImportOfAnImageWaitsAndIsRefused() {
    SteppedResponse response = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", response);
    tenant.createImport("a", importOf("disk", "/disk").build());
    response.awaitRequest();

    tenant.createImport("b", importOf("disk", "/disk").build());

    tenant.await(ImageImport.class, "b", ConditionPredicates.reconciling("ImportInProgress"));
    response.sendAll();
    tenant.await(ImageImport.class, "a", ready());
    ImageImport late = tenant.await(ImageImport.class, "b", stalled("InvalidSource"));
    assertThat(message(late)).contains("disk");
    assertThat(web.requests()).hasSize(1);
    assertThat(tenant.image("disk").getStatus().importRef().name()).isEqualTo("a");
  }

  @Test
  void deadlineEndsAnImport() {
    SteppedResponse response = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", response);

    tenant.createImport("slow", importOf("disk", "/disk").activeDeadlineSeconds(1L).build());

    ImageImport imageImport = tenant.await(ImageImport.class, "slow", stalled("DeadlineExceeded"));
    assertThat(message(imageImport)).contains("1 seconds");
    assertThat(tenant.awaitEvent("slow", "DeadlineExceeded")).isEqualTo(message(imageImport));
    assertThat(store.content()).isEmpty();
    tenant.await(Image.class, "disk", stalled("DeadlineExceeded"));
  }

  @Test
  void deadlineIncludesSuspendedTime() {
    web.on("/disk", WebResponses.status(500));

    tenant.createImport("slow", importOf("disk", "/disk").activeDeadlineSeconds(2L).build());

    tenant.await(ImageImport.class, "slow", stalled("DeadlineExceeded"));
  }

  @Test
  void ttlDeletesAFinishedImport() {
    web.on("/disk", WebResponses.bytes(Disk.raw(100_000)));

    tenant.createImport("brief", importOf("disk", "/disk").ttlSecondsAfterFinished(1L).build());

    tenant.await(Image.class, "disk", ready());
    tenant.awaitGone(ImageImport.class, "brief");
    assertThat(tenant.image("disk")).matches(ready());
    assertThat(store.disk(tenant.image("disk"))).isRegularFile();
  }

  @Test
  void ttlDeletesAFailedImport() {
    tenant.createImport("brief", importOf("disk", "/disk").ttlSecondsAfterFinished(0L).build());

    tenant.awaitGone(ImageImport.class, "brief");
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  @Test
  void suspendedImportSendsNoRequest() {
    web.on("/disk", WebResponses.bytes(Disk.raw(100_000)));
    tenant.createImport("later", importOf("disk", "/disk").suspend(true).build());
    tenant.await(ImageImport.class, "later", resting("Suspended"));
    tenant.await(Image.class, "disk", resting("Suspended"));
    assertThat(web.requests()).isEmpty();

    suspend("later", false);

    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void runningImportIsSuspendedAndResumed() {
    Disk disk = Disk.raw(100_000);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", response);
    tenant.createImport("later", importOf("disk", "/disk").build());
    response.awaitRequest();

    suspend("later", true);

    tenant.await(ImageImport.class, "later", resting("Suspended"));
    assertThat(store.content()).isEmpty();

    web.on("/disk", WebResponses.bytes(disk));
    suspend("later", false);
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(tenant.get(ImageImport.class, "later").getStatus().attempts())
        .as("attempts after a suspension")
        .isEqualTo(1);
    response.sendAll();
  }

  @Test
  void deletedImportLeavesNoFiles() {
    SteppedResponse response = new SteppedResponse(Disk.raw(100_000));
    web.on("/disk", response);
    tenant.createImport("cancelled", importOf("disk", "/disk").build());
    response.awaitRequest();

    tenant.delete(ImageImport.class, "cancelled");

    tenant.awaitGone(ImageImport.class, "cancelled");
    assertThat(store.content()).isEmpty();
    tenant.await(Image.class, "disk", resting("AwaitingImport"));
  }

  private void suspend(String imageImport, boolean suspend) {
    tenant.edit(
        ImageImport.class,
        imageImport,
        object -> {
          object.setSpec(ImageImportSpecBuilder.builder(object.getSpec()).suspend(suspend).build());
          return object;
        });
  }
}
