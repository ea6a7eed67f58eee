package dev.darkroom.e2e.scenario.stores;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopySourceSpec;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.NamespaceSelector;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Placement of copies: changes of {@code spec.stores} and of stores at any time. */
class CopyPlacementTest extends ImportScenario {

  @Override
  protected OperatorSettings settings() {
    return quick()
        .probeInterval(Duration.ofMillis(300))
        .referenceInterval(Duration.ofMillis(300))
        .build();
  }

  @Test
  void addedStoreIsFilledFromACopy() throws IOException {
    StoreDirectory a = store("a");
    StoreDirectory b = store("b");
    Image image = imported(a);
    int asked = web.requests().size();

    change("fedora", spec -> spec.stores(List.of(a.name(), b.name())));

    Image now = tenant.await(Image.class, "fedora", in(a, b));
    assertThat(b.disk(image)).hasSameBinaryContentAs(a.disk(image));
    assertThat(web.requests()).hasSize(asked);
    assertThat(now.getStatus().digest()).isEqualTo(image.getStatus().digest());
    assertThat(condition(now, "Replicated").orElseThrow().getMessage()).contains("2 of 2");
    assertThat(tenant.awaitEvent("fedora", "CopyMade")).contains(b.name());
    Tenant.awaiting("deletion of the copy import").until(() -> tenant.imports().size() == 1);
  }

  @Test
  void removedStoreLosesItsCopyAfterReplication() throws IOException {
    StoreDirectory a = store("a");
    StoreDirectory b = store("b");
    Image image = imported(a);

    change("fedora", spec -> spec.stores(List.of(b.name())));

    tenant.await(Image.class, "fedora", in(b));
    assertThat(b.disk(image)).isRegularFile();
    assertThat(a.content()).isEmpty();
    assertThat(tenant.awaitEvent("fedora", "CopyRemoved")).contains(a.name());
  }

  @Test
  void lastCopyIsKeptUntilAnotherExists() throws IOException {
    StoreDirectory a = store("a");
    Image image = imported(a);
    String later = tenant.namespace() + "-b";

    change("fedora", spec -> spec.stores(List.of(later)));

    Image waiting =
        tenant.await(
            Image.class,
            "fedora",
            that(
                "degraded: a store is missing",
                i ->
                    i.getStatus().phase() == ImagePhase.DEGRADED
                        && condition(i, "Replicated")
                            .filter(c -> c.getReason().equals("StoreMissing"))
                            .isPresent()));
    assertThat(condition(waiting, "Ready").orElseThrow().getStatus()).isEqualTo("True");
    assertThat(a.disk(image)).isRegularFile();

    StoreDirectory b = store("b");
    tenant.await(Image.class, "fedora", in(b));
    assertThat(b.disk(image)).isRegularFile();
    assertThat(a.content()).isEmpty();
  }

  @Test
  void allStoresIncludesLaterStores() throws IOException {
    StoreDirectory a = store("a");
    String others = tenant.namespace();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    labelNamespace("pool", others);
    tenant.edit(
        ImageStore.class,
        a.name(),
        s -> {
          s.setSpec(at(a.path()).namespaces(pool(others)).build());
          return s;
        });
    // given a store that is not used by other namespaces of this cluster
    tenant.createImage("fedora", from("/fedora").stores(List.of(a.name())).build());
    tenant.await(Image.class, "fedora", ready());

    change("fedora", spec -> spec.stores(List.of()).allStores(true).minAvailable(1));
    Path path = Files.createDirectory(directory.resolve("b"));
    StoreDirectory b = new StoreDirectory(tenant.namespace() + "-b", path);
    tenant.createStore(b.name(), at(path).namespaces(pool(others)).build());

    Image image = tenant.await(Image.class, "fedora", in(a, b));
    assertThat(b.disk(image)).isRegularFile();
  }

  @Test
  void imageWaitsForAStoreThatAllowsItsNamespace() throws IOException {
    Path path = Files.createDirectory(directory.resolve("gold"));
    StoreDirectory gold = new StoreDirectory(tenant.namespace() + "-gold", path);
    tenant.createStore(gold.name(), at(path).namespaces(pool(tenant.namespace())).build());
    tenant.await(ImageStore.class, gold.name(), ready());
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(gold.name())).build());
    Image waiting = tenant.await(Image.class, "fedora", reconciling("StoreNotAllowed"));
    assertThat(message(waiting)).contains(gold.name()).contains(tenant.namespace());

    labelNamespace("pool", tenant.namespace());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(gold.disk(image)).isRegularFile();
  }

  @Test
  void readOnlyStoreKeepsCopiesAndRefusesNewOnes() throws IOException {
    StoreDirectory a = store("a");
    Image image = imported(a);

    tenant.edit(
        ImageStore.class,
        a.name(),
        s -> {
          s.setSpec(at(a.path()).readOnly(true).build());
          return s;
        });
    tenant.createImage("debian", from("/fedora").stores(List.of(a.name())).build());

    tenant.await(Image.class, "debian", reconciling("StoreReadOnly"));
    assertThat(tenant.image("fedora")).matches(ready());
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
    assertThat(a.disk(image)).doesNotExist();
  }

  @Test
  void manualImportMakesACopy() throws IOException {
    StoreDirectory a = defaultStore();
    StoreDirectory b = store("b");
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    Image image = tenant.await(Image.class, "fedora", in(a));

    tenant.createImport(
        "again",
        ImageImportSpecBuilder.builder()
            .imageRef(new ObjectReference("fedora"))
            .copy(new CopySourceSpec())
            .stores(List.of(b.name()))
            .build());

    tenant.await(ImageImport.class, "again", ready());
    assertThat(b.disk(image)).hasSameBinaryContentAs(a.disk(image));
    tenant.await(Image.class, "fedora", in(a, b));
  }

  @Test
  void imageIsCopiedFromAnotherImage() throws IOException {
    StoreDirectory a = defaultStore();
    tenant.createImage(
        "golden",
        ImageSpecBuilder.builder()
            .source(ImageSourceBuilder.builder().image(ImageReference.of("fedora")).build())
            .stores(List.of(a.name()))
            .build());
    tenant.await(Image.class, "golden", reconciling("ImageNotVisible"));
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());

    Image golden = tenant.await(Image.class, "golden", ready());

    assertThat(golden.getStatus().digest()).isEqualTo(tenant.image("fedora").getStatus().digest());
    assertThat(a.disk(golden)).isRegularFile();
    tenant.delete(Image.class, "fedora");
    tenant.awaitGone(Image.class, "fedora");
    assertThat(a.disk(golden)).as("copy of golden").isRegularFile();
  }

  private Image imported(StoreDirectory store) {
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(store.name())).build());
    return tenant.await(Image.class, "fedora", ready());
  }

  private void change(String image, UnaryOperator<ImageSpecBuilder> change) {
    tenant.edit(
        Image.class,
        image,
        now -> {
          ImageSpec spec = change.apply(ImageSpecBuilder.builder(now.getSpec())).build();
          now.setSpec(spec);
          return now;
        });
  }

  private void labelNamespace(String key, String value) {
    cluster
        .client()
        .namespaces()
        .withName(tenant.namespace())
        .edit(
            (Namespace namespace) -> {
              namespace.getMetadata().setLabels(Map.of(key, value));
              return namespace;
            });
  }

  private static NamespaceSelector pool(String name) {
    return new NamespaceSelector(Map.of("pool", name), null);
  }

  /** Ready, with copies in exactly these stores. */
  static Predicate<Image> in(StoreDirectory... stores) {
    return in(Stream.of(stores).map(StoreDirectory::name).toList());
  }

  /** Ready, with copies in exactly the stores of these names. */
  static Predicate<Image> in(List<String> stores) {
    List<String> names = stores.stream().sorted().toList();
    return that(
        "ready in " + names,
        image ->
            ready().test(image)
                && image.getStatus().stores().stream()
                    .map(StoreCopy::name)
                    .sorted()
                    .toList()
                    .equals(names)
                && image.getStatus().stores().stream()
                    .allMatch(copy -> copy.state() == CopyState.AVAILABLE));
  }
}
