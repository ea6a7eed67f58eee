package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.CREATED;
import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.URL;
import static dev.darkroom.controller.Fixtures.createdAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.ownedBy;
import static dev.darkroom.controller.Fixtures.store;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.with;
import static dev.darkroom.controller.Fixtures.withBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.NamespaceSelector;
import dev.darkroom.controller.Fixtures;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stores that an import writes and reads. */
class ImportStoresTest extends ImportPlanScenario {

  @Test
  void withoutADefaultStoreAnImageWithoutStoresWaits() {
    stores.remove("fast");

    assertHeld(plan(job, record), Reason.STORE_MISSING, "default", "spec.stores");
  }

  @Test
  void aMissingStoreIsNamed() {
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))),
        Reason.STORE_MISSING,
        "ImageStore cold");
  }

  @Test
  void theFailureOfAStoreIsReported() throws IOException {
    Failure full = Failure.of(Reason.STORE_FULL, "Store fast: no space left");
    StoreRegistry.Entry fast = stores.find("fast").orElseThrow();
    stores.put(new StoreRegistry.Entry(fast.definition(), fast.store(), Optional.of(full)));

    assertThat(held(plan(job, record))).isEqualTo(full);
  }

  @Test
  void aStoreThatIsBeingOpenedIsWaitedFor() {
    stores.announce(store("cold", directory));

    assertThat(plan(job, image("ubuntu", spec -> spec.stores(List.of("fast", "cold")))))
        .isInstanceOf(ImportPlan.Later.class);
  }

  @Test
  void storesOfTheImportPrecedeStoresOfTheImageAndTheDefault() throws IOException {
    stores.put(open("cold", directory("cold")));
    Image cold = image("ubuntu", spec -> spec.stores(List.of("cold")));
    ImageImport fast = job("first", "ubuntu", spec -> spec.stores(List.of("fast")));

    assertThat(request(plan(job, record)).targets()).extracting(Target::name).containsOnly("fast");
    assertThat(request(plan(job, cold)).targets()).extracting(Target::name).containsOnly("cold");
    assertThat(request(plan(fast, cold)).targets()).extracting(Target::name).containsOnly("fast");
  }

  @Test
  void minAvailableStoresAreEnough() throws IOException {
    Image image =
        image(
            "ubuntu",
            spec -> spec.source(web(URL)).stores(List.of("fast", "cold")).minAvailable(1));
    ImageImport own = ImageImportFactory.of(image);
    own.getMetadata().setUid("own");

    TransferRequest request = request(plan(own, image));

    assertThat(request.targets()).extracting(Target::name).containsExactly("fast");
    assertThat(request.minCopies()).isEqualTo(1);
    assertHeld(plan(ownedBy(image, job), image), Reason.STORE_MISSING, "ImageStore cold");
  }

  @Test
  void aStoreMayRefuseANamespace() throws IOException {
    stores.put(
        open(
            with(
                store("cold", directory("cold")),
                spec -> spec.namespaces(new NamespaceSelector(Map.of("tier", "gold"), null)))));
    Image image = image("ubuntu", spec -> spec.stores(List.of("cold")));

    assertHeld(plan(job, image), Reason.STORE_NOT_ALLOWED, "ImageStore cold", "namespace lab");
  }

  @Test
  void aStoreSelectsNamespacesByLabels() throws IOException {
    labels.put("lab", Map.of("tier", "gold"));
    stores.put(
        open(
            with(
                store("cold", directory("cold")),
                spec -> spec.namespaces(new NamespaceSelector(Map.of("tier", "gold"), null)))));

    assertThat(plan(job, image("ubuntu", spec -> spec.stores(List.of("cold")))))
        .isInstanceOf(ImportPlan.Go.class);
  }

  @Test
  void aReadOnlyOrFullStoreIsRefused() throws IOException {
    stores.put(open(with(store("cold", directory("cold")), spec -> spec.readOnly(true))));
    stores.put(
        open(with(store("small", directory("small")), s -> s.capacity(new Quantity("1Gi")))));
    stores.room("small").count(1L << 30, Set.of(), Fixtures.CREATED);

    assertThat(held(plan(job, image("ubuntu", spec -> spec.stores(List.of("cold"))))).reason())
        .isEqualTo(Reason.STORE_READ_ONLY);
    assertHeld(
        plan(job, image("ubuntu", spec -> spec.stores(List.of("small")))),
        Reason.STORE_FULL,
        "ImageStore small",
        "use 1GiB",
        "capacity of 1Gi");
  }

  @Test
  void allStoresSelectsEveryAllowedStore() throws IOException {
    stores.put(open(with(store("locked", directory("locked")), spec -> spec.readOnly(true))));
    stores.put(open(createdAt(CREATED.plusSeconds(1), store("cold", directory("cold")))));

    assertThat(request(plan(job, image("ubuntu", spec -> spec.allStores(true)))).targets())
        .extracting(Target::name)
        .containsExactly("fast", "cold");
  }

  @Test
  void aCopyIsReadFromTheStoreWithTheHighestWeight() throws IOException {
    stores.put(open(with(store("heavy", directory("heavy")), spec -> spec.weight(5))));
    stores.put(open("cold", directory("cold")));
    Image image =
        withBytes(
            image("ubuntu", spec -> spec.stores(List.of("fast", "heavy", "cold"))),
            "fast",
            "heavy");

    TransferRequest request = request(plan(copyTo("cold"), image));

    assertThat(request.source().describe()).contains("heavy");
    assertThat(request.targets()).extracting(Target::name).containsExactly("cold");
    assertThat(request.expected().orElseThrow().sha256()).hasToString(SHA256);
  }

  @Test
  void existingCopiesAreNotMadeAgain() throws IOException {
    assertThat(plan(copyTo("fast"), withBytes(record, "fast"))).isInstanceOf(ImportPlan.Done.class);
  }

  @Test
  void aCopyInAnotherStoreThanRequestedIsRefused() {
    Image image = withBytes(image("ubuntu", spec -> spec.stores(List.of("fast"))), "fast");

    assertHeld(plan(copyTo("cold"), image), Reason.INVALID_SOURCE, "Image ubuntu", "store cold");
  }

  @Test
  void aCopyOfAnImageWithoutBytesWaits() {
    assertThat(held(plan(copyTo("fast"), record)).reason()).isEqualTo(Reason.IMPORT_IN_PROGRESS);
  }
}
