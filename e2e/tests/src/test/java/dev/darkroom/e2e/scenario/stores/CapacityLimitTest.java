package dev.darkroom.e2e.scenario.stores;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The capacity of a store holds for sources of unknown length. */
class CapacityLimitTest extends ImportScenario {

  @Override
  protected OperatorSettings settings() {
    return quick().probeInterval(Duration.ofMillis(300)).build();
  }

  @Test
  void importOfUnknownLengthStopsAtTheCapacity() throws IOException {
    StoreDirectory store = limited("150Ki");
    Disk large = Disk.raw(200 << 10);
    web.on("/large", exchange -> exchange.head(200, WebResponses.OCTETS).body(large.bytes()));
    web.on("/small", WebResponses.bytes(Disk.raw(100 << 10)));

    tenant.createImage("large", raw("/large").build());

    Image full = tenant.await(Image.class, "large", reconciling("StoreFull"));
    assertThat(message(full)).contains(store.name()).contains("150KiB");
    assertThat(store.content()).noneMatch(name -> name.startsWith(tenant.namespace()));

    tenant.createImage("small", raw("/small").build());
    tenant.await(Image.class, "small", ready());

    tenant.createImage("other", raw("/small").build());
    Image other = tenant.await(Image.class, "other", reconciling("StoreFull"));
    assertThat(message(other)).contains("100KiB", "150KiB");

    capacity(store, "1Mi");
    tenant.await(Image.class, "other", ready());
    tenant.await(Image.class, "large", ready());
  }

  private ImageSpecBuilder raw(String path) {
    return from(path).diskFormat(DiskFormatName.RAW);
  }

  private StoreDirectory limited(String capacity) throws IOException {
    StoreDirectory store = defaultStore();
    capacity(store, capacity);
    return store;
  }

  private void capacity(StoreDirectory store, String capacity) {
    ImageStore changed =
        tenant.edit(
            ImageStore.class,
            store.name(),
            object -> {
              object.setSpec(
                  ImageStoreSpecBuilder.builder(object.getSpec())
                      .capacity(new Quantity(capacity))
                      .build());
              return object;
            });
    tenant.await(
        ImageStore.class,
        store.name(),
        ConditionPredicates.that(
            "capacity observed",
            object ->
                changed
                    .getMetadata()
                    .getGeneration()
                    .equals(object.getStatus().observedGeneration())));
  }
}
