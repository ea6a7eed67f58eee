package dev.darkroom.e2e.scenario.upgrade;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
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
 * Rollback of the operator: objects and stores have data of a later release. Unknown values are
 * neither misread nor removed; other objects are not affected.
 */
class RollbackTest extends ImportScenario {

  private final Disk disk = Disk.qcow2(1);
  private StoreDirectory store;

  @BeforeEach
  void createImage() throws IOException {
    store = defaultStore();
    web.on("/disk", WebResponses.bytes(disk));
    tenant.createImage("disk", from("/disk").build());
    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void unknownValuesDoNotAffectOtherObjects() throws IOException {
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
    assertThat(web.requests()).as("requests").hasSize(2);
    tenant.delete(Image.class, "disk");
    tenant.awaitGone(Image.class, "disk");
    assertThat(store.disk(before)).as("file of the deleted image").hasBinaryContent(disk.bytes());
  }

  @Test
  void imageWithUnknownSpecValuesWaits() throws IOException {
    stopOperator();
    tenant.createImage("target", from("/disk").build());
    tenant.createImage("format", from("/disk").diskFormat(DiskFormatName.QCOW2).build());
    rewrite("target", image -> spec(image).put("convertTo", "vmdk5"));
    rewrite("format", image -> spec(image).put("diskFormat", "qcow4"));
    startOperator(settings());

    tenant.await(Image.class, "format", reconciling("NotUnderstood"));
    tenant.await(Image.class, "target", reconciling("NotUnderstood"));
    assertThat(web.requests()).as("requests").hasSize(1);

    // Change the values back, like a user who sees that the image waits.
    rewrite("target", image -> spec(image).remove("convertTo"));
    rewrite("format", image -> spec(image).put("diskFormat", "qcow2"));
    tenant.await(Image.class, "target", ready());
    tenant.await(Image.class, "format", ready());
  }

  @Test
  void copyWithALaterMetadataFormatIsKept() throws IOException {
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
                "with the unknown version in its status",
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

  /** Changes the stored object without schema validation. */
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
    assumeTrue(cluster.plant(object), "no direct storage access on " + cluster.description());
    return tenant.image(name);
  }

  private static ObjectNode spec(ObjectNode object) {
    return (ObjectNode) object.path("spec");
  }

  private static ObjectNode status(ObjectNode object) {
    return (ObjectNode) object.path("status");
  }
}
