package dev.darkroom.e2e.scenario.objects;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ReclaimPolicy;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Deletion of images and stores: bytes are deleted, and the deletion always ends. */
class DeletionTest extends ImportScenario {

  @Test
  void bytesAreDeletedWithTheImage() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    String job = tenant.image("fedora").getStatus().importRef().name();

    deleteImage();

    assertThat(store.content()).isEmpty();
    tenant.awaitGone(ImageImport.class, job);
  }

  @Test
  void bytesAreDeletedFromEveryStore() throws IOException {
    StoreDirectory one = store("one");
    StoreDirectory two = store("two");
    readyImage("fedora", spec -> spec.stores(List.of(one.name(), two.name())));

    deleteImage();

    assertThat(one.content()).isEmpty();
    assertThat(two.content()).isEmpty();
  }

  @Test
  void recreatedImageHasItsOwnBytes() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    deleteImage();

    Image again = readyImage("fedora");

    assertThat(store.disk(again)).isRegularFile();
    assertThat(store.content()).filteredOn(name -> name.endsWith("/disk")).hasSize(1);
  }

  @Test
  void retainedBytesAreKept() throws IOException {
    StoreDirectory store = defaultStore();
    Image image = readyImage("fedora", spec -> spec.reclaimPolicy(ReclaimPolicy.RETAIN));

    deleteImage();

    assertThat(store.disk(image)).hasBinaryContent(Disk.qcow2().bytes());
    assertThat(store.record(image)).isRegularFile();
    assertThat(tenant.awaitEvent("fedora", "Retained")).isNotEmpty();
  }

  @Test
  void imageIsDeletedDuringItsImport() throws IOException {
    StoreDirectory store = defaultStore();
    startImport();
    assertThat(store.content()).isNotEmpty();

    deleteImage();

    assertThat(store.content()).isEmpty();
    assertThat(tenant.imports()).isEmpty();
  }

  @Test
  void failedOrWaitingImageIsDeleted() throws IOException {
    defaultStore();
    tenant.createImage("failed", from("/nothing").build());
    tenant.createImage("waits", ImageSpecBuilder.builder().build());
    tenant.createImage("lost", from("/nothing").stores(List.of("no-such-store")).build());
    tenant.await(Image.class, "failed", stalled("SourceNotFound"));
    tenant.await(Image.class, "waits", resting("AwaitingImport"));
    tenant.await(Image.class, "lost", reconciling("StoreMissing"));

    List<String> all = List.of("failed", "waits", "lost");
    all.forEach(name -> tenant.delete(Image.class, name));

    all.forEach(name -> tenant.awaitGone(Image.class, name));
  }

  @Test
  void namespaceIsDeletedWithItsObjects() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("ready");
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/slow", response);
    tenant.createImage("running", from("/slow").build());
    response.awaitRequest();
    tenant.createImage("failed", from("/nothing").build());
    tenant.await(Image.class, "failed", stalled("SourceNotFound"));
    tenant.createImage("waits", ImageSpecBuilder.builder().build());
    tenant.createImport("by-hand", importOf("no-such-image", "/slow").build());
    tenant.await(ImageImport.class, "by-hand", reconciling("ImageNotVisible"));

    cluster.client().namespaces().withName(tenant.namespace()).delete();

    Tenant.awaiting("deletion of the namespace")
        .until(() -> cluster.client().namespaces().withName(tenant.namespace()).get() == null);
    assertThat(store.content()).isEmpty();
  }

  @Test
  void usedStoreIsDeletedAfterItsLastImage() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    tenant.await(
        ImageStore.class, store.name(), that("with one image", s -> s.getStatus().images() == 1));

    tenant.delete(ImageStore.class, store.name());

    ImageStore kept = tenant.await(ImageStore.class, store.name(), reconciling("StoreInUse"));
    assertThat(message(kept)).contains(tenant.namespace() + "/fedora");
    assertThat(store.content()).isNotEmpty();

    deleteImage();
    tenant.awaitGone(ImageStore.class, store.name());
    assertThat(store.content()).isEmpty();
  }

  @Test
  void storeIsDeletedAfterARunningImport() throws IOException {
    StoreDirectory store = defaultStore();
    SteppedResponse response = startImport();

    tenant.delete(ImageStore.class, store.name());

    tenant.await(ImageStore.class, store.name(), reconciling("StoreInUse"));
    response.sendAll();
    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).isRegularFile();
    assertThat(tenant.exists(ImageStore.class, store.name())).isTrue();
  }

  @Test
  void usedStoreIsDeletedAfterARestart() throws IOException {
    StoreDirectory store = deletedStoreInUse();
    stopOperator();
    startOperator(settings());

    deleteImage();

    tenant.awaitGone(ImageStore.class, store.name());
    assertThat(store.content()).isEmpty();
  }

  @Test
  void deletedStoreIsNotTheDefault() throws IOException {
    deletedStoreInUse();
    StoreDirectory second = store("second", true);

    tenant.await(
        ImageStore.class,
        second.name(),
        that(
            "the only default",
            s ->
                condition(s, "Default")
                    .filter(c -> c.getReason().equals("OnlyDefault"))
                    .isPresent()));
    Image image = readyImage("debian");
    assertThat(second.disk(image)).isRegularFile();
  }

  @Test
  void deletedStoreAcceptsNoImages() throws IOException {
    StoreDirectory store = deletedStoreInUse();

    tenant.createImage("late", from("/fedora").stores(List.of(store.name())).build());

    tenant.await(Image.class, "late", reconciling("StoreMissing"));
  }

  @Test
  void unusedStoreIsDeletedWithoutItsDirectory() throws IOException {
    StoreDirectory store = defaultStore();

    tenant.delete(ImageStore.class, store.name());

    tenant.awaitGone(ImageStore.class, store.name());
    assertThat(store.path()).isDirectory();
  }

  @Test
  void deletionStopsWaitingForAMissingDirectory() throws IOException {
    stopOperator();
    startOperator(quick().deleteTimeout(Duration.ofSeconds(5)).build());
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    Files.move(store.path(), away(store));

    tenant.delete(Image.class, "fedora");

    Image waiting =
        tenant.await(
            Image.class,
            "fedora",
            that(
                "deleting and waiting for " + store.path(),
                image ->
                    reconciling("Deleting").test(image)
                        && message(image).contains(store.path().toString())));
    assertThat(waiting.getStatus().phase()).hasToString("DELETING");
    tenant.awaitGone(Image.class, "fedora");
    assertThat(tenant.awaitEvent("fedora", "StoreUnavailable")).contains("left behind");
  }

  @Test
  void deletionCleansUpARestoredDirectory() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    Files.move(store.path(), away(store));
    tenant.delete(Image.class, "fedora");
    tenant.await(Image.class, "fedora", reconciling("Deleting"));

    Files.move(away(store), store.path());

    tenant.awaitGone(Image.class, "fedora");
    assertThat(store.content()).isEmpty();
  }

  @Test
  void manualImportIsDeletedWithItsImage() throws IOException {
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", ImageSpecBuilder.builder().build());
    tenant.createImport("by-hand", importOf("fedora", "/fedora").build());
    tenant.await(Image.class, "fedora", ready());

    deleteImage();

    tenant.awaitGone(ImageImport.class, "by-hand");
  }

  private Image readyImage(String name) {
    return readyImage(name, spec -> spec);
  }

  private Image readyImage(String name, UnaryOperator<ImageSpecBuilder> spec) {
    web.on("/" + name, WebResponses.bytes(Disk.qcow2()));
    tenant.createImage(name, spec.apply(from("/" + name)).build());
    return tenant.await(Image.class, name, ready());
  }

  /** Starts the import of image fedora and waits until half of its bytes are sent. */
  private SteppedResponse startImport() {
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/fedora", response);
    tenant.createImage("fedora", from("/fedora").build());
    response.awaitRequest();
    tenant.await(Image.class, "fedora", reconciling("Importing"));
    return response;
  }

  /** Deletes the default store, which stays because image fedora has a copy in it. */
  private StoreDirectory deletedStoreInUse() throws IOException {
    StoreDirectory store = defaultStore();
    readyImage("fedora");
    tenant.delete(ImageStore.class, store.name());
    tenant.await(ImageStore.class, store.name(), reconciling("StoreInUse"));
    return store;
  }

  private void deleteImage() {
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
  }

  private static Path away(StoreDirectory store) {
    return store.path().resolveSibling("away");
  }
}
