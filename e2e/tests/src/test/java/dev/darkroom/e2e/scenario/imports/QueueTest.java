package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More imports than slots: a queued import reports its position. */
class QueueTest extends ImportScenario {

  private final ImageSpec record =
      ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build();

  @Override
  protected OperatorSettings settings() {
    return quick().transferSlots(1).build();
  }

  @BeforeEach
  void store() throws IOException {
    StoreDirectory unused = defaultStore();
  }

  @Test
  void queuedImportReportsItsPosition() {
    SteppedResponse response = new SteppedResponse(Disk.raw(100_000));
    web.on("/slow", response);
    web.on("/disk", WebResponses.bytes(Disk.raw(10_000)));
    startImport("first", "/slow");
    response.awaitRequest();

    startImport("second", "/disk");
    ImageImport second = tenant.await(ImageImport.class, "second", queuedAt(1));
    startImport("third", "/disk");
    tenant.await(ImageImport.class, "third", queuedAt(2));

    assertThat(second).matches(reconciling("Queued"));
    assertThat(tenant.get(ImageImport.class, "first").getStatus().queuePosition()).isNull();

    response.sendAll();

    for (String name : new String[] {"first", "second", "third"}) {
      ImageImport done = tenant.await(ImageImport.class, name, ready());
      assertThat(done.getStatus().queuePosition()).isNull();
    }
  }

  private void startImport(String name, String path) {
    tenant.createImage(name, record);
    tenant.createImport(name, importOf(name, path).build());
  }

  private static Predicate<ImageImport> queuedAt(int position) {
    return that(
        "at queue position " + position,
        job ->
            job.getStatus() != null
                && Integer.valueOf(position).equals(job.getStatus().queuePosition()));
  }
}
