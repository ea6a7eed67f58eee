package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.message;
import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A source that says nothing more: the import tells how far it is, and for how long. */
class SilenceTest extends ImportScenario {

  @Test
  void anImportWhoseSourceFallsSilentSaysSoUntilItGoesOn() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.raw(8 << 20);
    Gate gate = new Gate(disk);
    web.on("/disk", gate);
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    String job =
        tenant
            .await(Image.class, "disk", that("importing", i -> reconciling("Importing").test(i)))
            .getStatus()
            .importRef()
            .name();

    ImageImport silent = tenant.await(ImageImport.class, job, reconciling("Stalled"));

    assertThat(message(silent)).matches("No byte has come for 1\\d s; 4MiB of 8MiB are here\\.");
    assertThat(silent.getStatus().column()).isEqualTo("Stalled");
    assertThat(silent.getStatus().progress().bytes()).isEqualTo(disk.size() / 2);

    gate.open();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
  }
}
