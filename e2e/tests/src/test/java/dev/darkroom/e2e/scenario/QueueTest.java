package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.controller.support.OperatorSettings;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More imports than slots: who waits is told its place. */
class QueueTest extends ImportScenario {

  private final ImageSpec record =
      ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build();

  @Override
  OperatorSettings settings() {
    return quick().transferSlots(1).build();
  }

  @BeforeEach
  void store() throws IOException {
    StoreDirectory unused = defaultStore();
  }

  @Test
  void anImportThatWaitsSaysItsPlaceUntilItHasASlot() {
    Gate gate = new Gate(Disk.raw(100_000));
    web.on("/slow", gate);
    web.on("/disk", Answers.bytes(Disk.raw(10_000)));
    begin("first", "/slow");
    gate.awaitArrival();

    begin("second", "/disk");
    ImageImport second = tenant.await(ImageImport.class, "second", place(1));
    begin("third", "/disk");
    tenant.await(ImageImport.class, "third", place(2));

    assertThat(second).matches(reconciling("Queued"));
    assertThat(tenant.get(ImageImport.class, "first").getStatus().queuePosition()).isNull();

    gate.open();

    for (String name : new String[] {"first", "second", "third"}) {
      ImageImport done = tenant.await(ImageImport.class, name, ready());
      assertThat(done.getStatus().queuePosition()).isNull();
    }
  }

  private void begin(String name, String path) {
    tenant.createImage(name, record);
    tenant.createImport(name, importOf(name, path).build());
  }

  private static Predicate<ImageImport> place(int position) {
    return that(
        "at place " + position,
        job ->
            job.getStatus() != null
                && Integer.valueOf(position).equals(job.getStatus().queuePosition()));
  }
}
