package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.job;
import static dev.darkroom.controller.Fixtures.markedDefault;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.access.Links;
import dev.darkroom.access.Sharing;
import dev.darkroom.api.CopySourceSpec;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.source.SourceFactory;
import dev.darkroom.controller.store.StoreAccess;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.ReferencedObjects;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.TransferRequest;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An Image without a source, an import for it, and an open default store. */
abstract class ImportPlanScenario {

  static final String SUMS_URL = "https://images.example/SHA256SUMS";
  static final String MD5 = "md5:" + "0f".repeat(16);

  @TempDir Path directory;
  final WebClient client =
      new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
  final MockCluster cluster = new MockCluster();
  final StoreRegistry stores = new StoreRegistry();
  final Map<ResourceID, Image> others = new HashMap<>();
  final Map<String, Map<String, String>> labels = new HashMap<>();
  final ImportPlanner planner =
      new ImportPlanner(
          new StoreAccess(stores, namespace -> labels.getOrDefault(namespace, Map.of())),
          new ImportSources(
              new SourceFactory(
                  client, AddressPolicy.defaults(), new ReferencedObjects(cluster.client())),
              stores,
              new Links(
                  (namespace, name) ->
                      Optional.ofNullable(others.get(new ResourceID(name, namespace))),
                  image -> Sharing.of(image, List.of()))));

  /** An Image without a source, and an import for it: it can start. */
  final Image record = image("ubuntu", spec -> spec);

  final ImageImport job = job("first", "ubuntu");

  @BeforeEach
  void aDefaultStoreIsOpen() throws IOException {
    stores.put(open(markedDefault(store("fast", directory("fast")))));
  }

  @AfterEach
  void close() throws IOException {
    stores.close();
    client.close();
    cluster.close();
  }

  static ImageImport copyTo(String store) {
    return job(
        "copy", "ubuntu", spec -> spec.web(null).copy(new CopySourceSpec()).stores(List.of(store)));
  }

  ImportPlan plan(ImageImport of, Image image) {
    return planner.plan(of, Optional.of(image), Optional.empty());
  }

  Path directory(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  static void assertHeld(ImportPlan plan, Reason reason, String... parts) {
    Failure failure = held(plan);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(parts);
  }

  static Failure held(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Hold.class);
    return ((ImportPlan.Hold) plan).failure();
  }

  static TransferRequest request(ImportPlan plan) {
    assertThat(plan).isInstanceOf(ImportPlan.Go.class);
    return ((ImportPlan.Go) plan).request();
  }
}
