package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator is rolled back: what a later release wrote is in the API server and in the stores.
 * It is not understood, and so it is neither taken for something else nor removed; everything else
 * goes on.
 */
class RollBackTest extends ImportScenario {

  private final Disk disk = Disk.qcow2(1);
  private StoreDirectory store;

  @BeforeEach
  void anImage() throws IOException {
    store = defaultStore();
    web.on("/disk", Answers.bytes(disk));
    tenant.createImage("disk", from("/disk").build());
    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void anObjectWithValuesOfALaterReleaseKeepsNoOtherFromBeingRead() throws IOException {
    stopOperator();
    Image before =
        rewrite(
            "disk",
            image -> {
              spec(image).put("visibility", "Galaxy").put("reclaimPolicy", "Archive");
              spec(image).put("aFieldOfLater", "hello");
              status(image).put("phase", "Hibernating").put("aFieldOfLater", "hello");
            });
    startOperator(settings());

    tenant.createImage("other", from("/disk").build());
    tenant.await(Image.class, "other", ready());
    scrub("disk");

    Image after = tenant.image("disk");
    assertThat(after).matches(ready());
    assertThat(after.getStatus().digest()).isEqualTo(before.getStatus().digest());
    assertThat(web.requests()).as("one for each image").hasSize(2);
    tenant.delete(Image.class, "disk");
    tenant.awaitGone(Image.class, "disk");
    assertThat(store.disk(before)).as("nobody knows that it may go").hasBinaryContent(disk.bytes());
  }

  @Test
  void anImageThatAsksForSomethingOfALaterReleaseWaits() throws IOException {
    stopOperator();
    tenant.createImage("target", from("/disk").build());
    tenant.createImage("format", from("/disk").diskFormat(DiskFormatName.QCOW2).build());
    rewrite("target", image -> spec(image).put("convertTo", "vmdk5"));
    rewrite("format", image -> spec(image).put("diskFormat", "qcow4"));
    startOperator(settings());

    tenant.await(Image.class, "format", reconciling("NotUnderstood"));
    tenant.await(Image.class, "target", reconciling("NotUnderstood"));
    assertThat(web.requests()).as("only for the first image").hasSize(1);

    // Taken back, as by who then finds that it has to wait.
    rewrite("target", image -> spec(image).remove("convertTo"));
    rewrite("format", image -> spec(image).put("diskFormat", "qcow2"));
    tenant.await(Image.class, "target", ready());
    tenant.await(Image.class, "format", ready());
  }

  @Test
  void aCopyWhoseRecordIsOfALaterReleaseIsNeitherJudgedNorRemoved() throws IOException {
    Image image = tenant.image("disk");
    Path file = store.record(image);
    String later =
        Files.readString(file)
            .replace("\"formatVersion\" : 1", "\"formatVersion\" : 2")
            .replaceFirst("\"size\" : \\d+", "\"size\" : { \"bytes\" : 262144 }");
    Files.writeString(file, later);

    StoreDirectory second = store("second");
    tenant.change("disk", spec -> spec.stores(List.of(store.name(), second.name())));

    Image after =
        tenant.await(
            Image.class,
            "disk",
            that(
                "told what is wrong",
                i -> Serialization.asYaml(i.getStatus()).contains("version 2")));
    assertThat(after.getStatus().stores().get(0).state().name()).isNotEqualTo("CORRUPT");
    assertThat(file).hasContent(later);
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(web.requests()).hasSize(1);
    assertThat(second.content()).noneMatch(name -> name.endsWith("disk.json"));
  }

  private void scrub(String name) {
    String now = Long.toString(System.nanoTime());
    tenant.edit(
        Image.class,
        name,
        image -> {
          image.getMetadata().getAnnotations().put(ApiGroup.SCRUB_ANNOTATION, now);
          return image;
        });
    tenant.await(
        Image.class, name, that("scrubbed", i -> now.equals(i.getStatus().observedScrub())));
  }

  /** Changes what the API server keeps, past its schema. */
  private Image rewrite(String name, Consumer<ObjectNode> change) throws IOException {
    HasMetadata now =
        Objects.requireNonNull(
            cluster
                .client()
                .genericKubernetesResources("darkroom.dev/v1alpha1", "Image")
                .inNamespace(tenant.namespace())
                .withName(name)
                .get());
    ObjectNode object =
        (ObjectNode) Serialization.unmarshal(Serialization.asJson(now), JsonNode.class);
    ((ObjectNode) object.path("metadata")).remove("resourceVersion");
    change.accept(object);
    ((ObjectNode) object.path("metadata"))
        .put("generation", object.at("/metadata/generation").asLong() + 1);
    assumeTrue(cluster.plant(object), "objects can't be planted in " + cluster.description());
    return tenant.image(name);
  }

  private static ObjectNode spec(ObjectNode object) {
    return (ObjectNode) object.path("spec");
  }

  private static ObjectNode status(ObjectNode object) {
    return (ObjectNode) object.path("status");
  }
}
