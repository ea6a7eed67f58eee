package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A source that stalls: the import reports the time without bytes and its progress. */
class StalledSourceTest extends ImportScenario {

  @Test
  void stalledSourceIsReportedUntilItContinues() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.raw(8 << 20);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", response);
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    String job =
        tenant
            .await(Image.class, "disk", that("importing", i -> reconciling("Importing").test(i)))
            .getStatus()
            .importRef()
            .name();

    ImageImport stalled = tenant.await(ImageImport.class, job, reconciling("Stalled"));

    assertThat(message(stalled)).containsPattern("1\\d s").contains("4MiB of 8MiB");
    assertThat(stalled.getStatus().column()).isEqualTo("Stalled");
    assertThat(stalled.getStatus().progress().bytes()).isEqualTo(disk.size() / 2);

    response.sendAll();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
  }
}
