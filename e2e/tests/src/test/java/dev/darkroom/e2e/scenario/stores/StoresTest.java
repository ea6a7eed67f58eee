package dev.darkroom.e2e.scenario.stores;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.testing.Mount;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Filesystem stores: status, default store, and images while a store is missing, full or read-only.
 */
class StoresTest extends ImportScenario {

  @Override
  protected OperatorSettings settings() {
    return quick().probeInterval(Duration.ofMillis(300)).build();
  }

  @Test
  void storeStatusReportsContent() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());

    ImageStore found =
        tenant.await(
            ImageStore.class,
            store.name(),
            that("with one image", s -> s.getStatus().images() == 1));

    assertThat(found).matches(ready());
    assertThat(found.getStatus().used()).isEqualTo(disk.size());
    assertThat(found.getStatus().available()).isPositive();
    assertThat(found.getStatus().capabilities()).contains("Range");
    assertThat(condition(found, "Default")).hasValueSatisfying(is("True", "OnlyDefault"));
  }

  @Test
  void imageWaitsForAMissingStore() throws IOException {
    String name = tenant.namespace() + "-later";
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(name)).build());
    Image waiting = tenant.await(Image.class, "fedora", reconciling("StoreMissing"));
    assertThat(message(waiting)).contains(name);
    assertThat(tenant.awaitEvent("fedora", "StoreMissing")).contains(name);
    assertThat(web.requests()).isEmpty();

    StoreDirectory store = store("later");

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).isRegularFile();
    ImageImport imageImport = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(imageImport.getStatus().attempts()).as("attempts after waiting").isEqualTo(1);
  }

  @Test
  void imageWaitsForADefaultStore() throws IOException {
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    Image waiting = tenant.await(Image.class, "fedora", reconciling("StoreMissing"));
    assertThat(message(waiting)).contains("default");

    defaultStore();

    tenant.await(Image.class, "fedora", ready());
  }

  @Test
  void olderOfTwoDefaultStoresIsUsed() throws IOException {
    StoreDirectory older = defaultStore();
    Path path = Files.createDirectory(directory.resolve("second"));
    StoreDirectory newer = new StoreDirectory(tenant.namespace() + "-second", path);
    tenant.createStore(newer.name(), at(path).isDefault(true).build());

    tenant.await(ImageStore.class, older.name(), hasDefault("True", "OldestDefault"));
    ImageStore second =
        tenant.await(ImageStore.class, newer.name(), hasDefault("False", "AnotherDefault"));
    assertThat(condition(second, "Default").orElseThrow().getMessage()).contains(older.name());
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(older.disk(image)).isRegularFile();
    assertThat(newer.content()).isEmpty();

    tenant.edit(
        ImageStore.class,
        older.name(),
        store -> {
          store.setSpec(at(older.path()).isDefault(false).build());
          return store;
        });
    tenant.await(ImageStore.class, newer.name(), hasDefault("True", "OnlyDefault"));
    tenant.await(
        ImageStore.class,
        older.name(),
        that("no longer default", s -> condition(s, "Default").isEmpty()));
  }

  @Test
  void storeIsNotReadyUntilItsDirectoryExists() throws IOException {
    Path path = directory.resolve("unmounted");
    String name = tenant.namespace() + "-unmounted";
    tenant.createStore(name, at(path).build());
    ImageStore broken = tenant.await(ImageStore.class, name, reconciling("StoreUnavailable"));
    assertThat(message(broken)).contains(path.toString()).contains("mounted");
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(name)).build());
    tenant.await(Image.class, "fedora", reconciling("StoreUnavailable"));

    Files.createDirectory(path);

    tenant.await(ImageStore.class, name, ready());
    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(new StoreDirectory(name, path).disk(image)).isRegularFile();
  }

  @Test
  void storeThatIsAFileIsNotReady() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    String name = tenant.namespace() + "-file";

    tenant.createStore(name, at(file).build());

    ImageStore broken = tenant.await(ImageStore.class, name, reconciling("StoreUnavailable"));
    assertThat(message(broken)).contains("not a directory");
  }

  @Test
  void readOnlyStoreIsReported() throws IOException {
    Path path = Files.createDirectory(directory.resolve("read-only"));
    try (Mount mount = Mount.tmpfs(path, 4)) {
      mount.becomeReadOnly();
      StoreDirectory store = new StoreDirectory(tenant.namespace() + "-read-only", path);
      tenant.createStore(store.name(), at(path).isDefault(true).build());
      ImageStore broken =
          tenant.await(ImageStore.class, store.name(), reconciling("StoreReadOnly"));
      assertThat(message(broken)).contains(path.toString());
      web.on("/fedora", WebResponses.bytes(Disk.qcow2()));

      tenant.createImage("fedora", from("/fedora").build());

      Image image = tenant.await(Image.class, "fedora", reconciling("StoreReadOnly"));
      assertThat(message(image)).contains(store.name());
      assertThat(tenant.awaitEvent("fedora", "StoreReadOnly")).isEqualTo(message(image));
      assertThat(store.content()).isEmpty();
      stopWriting();
    }
  }

  @Test
  void tooSmallStoreIsReportedBeforeTheDownload() throws IOException {
    Path path = Files.createDirectory(directory.resolve("small"));
    try (Mount mount = Mount.tmpfs(path, 2)) {
      StoreDirectory store = storeIn(path);
      tenant.createImage("disk", ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
      web.on("/disk", WebResponses.bytes(Disk.raw(4 << 20)));

      tenant.createImport("attempt", importOf("disk", "/disk").backoffLimit(0).build());

      ImageImport imageImport =
          tenant.await(ImageImport.class, "attempt", stalled("BackoffLimitExceeded"));
      assertThat(message(imageImport)).contains("StoreFull").contains(store.name());
      assertThat(store.content()).isEmpty();
      stopWriting();
    }
  }

  @Test
  void fullStoreKeepsNoPartialFile() throws IOException {
    Path path = Files.createDirectory(directory.resolve("small"));
    try (Mount mount = Mount.tmpfs(path, 2)) {
      StoreDirectory store = storeIn(path);
      Disk disk = Disk.raw(4 << 20);
      // given a source without a Content-Length
      web.on(
          "/disk", e -> e.head(200, WebResponses.OCTETS, "Connection: close").body(disk.bytes()));

      tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());

      Image image = tenant.await(Image.class, "disk", reconciling("StoreFull"));
      assertThat(message(image)).contains(store.name());
      assertThat(tenant.awaitEvent("disk", "StoreFull")).contains(store.name());
      tenant.delete(Image.class, "disk");
      tenant.awaitGone(Image.class, "disk");
      assertThat(store.content()).isEmpty();
      stopWriting();
    }
  }

  private StoreDirectory storeIn(Path path) {
    StoreDirectory store = new StoreDirectory(tenant.namespace() + "-tmpfs", path);
    tenant.createStore(store.name(), at(path).isDefault(true).build());
    tenant.await(ImageStore.class, store.name(), ready());
    return store;
  }

  /** Stops the operator, so that the file system can be unmounted. */
  private void stopWriting() {
    stopOperator();
  }

  private static Predicate<ImageStore> hasDefault(String status, String reason) {
    return that(
        reason,
        store ->
            condition(store, "Default")
                .filter(c -> c.getStatus().equals(status) && c.getReason().equals(reason))
                .isPresent());
  }

  private static Consumer<Condition> is(String status, String reason) {
    return condition -> {
      assertThat(condition.getStatus()).isEqualTo(status);
      assertThat(condition.getReason()).isEqualTo(reason);
    };
  }
}
