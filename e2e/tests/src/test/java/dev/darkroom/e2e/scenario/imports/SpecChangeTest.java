package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Users correct a failed image, or change it during an import. */
class SpecChangeTest extends ImportScenario {

  @Test
  void retryAnnotationStartsANewImport() throws IOException {
    StoreDirectory store = defaultStore();
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", stalled("SourceNotFound"));
    Disk disk = Disk.qcow2();
    web.on("/fedora", WebResponses.bytes(disk));

    annotate("fedora", "once");

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(tenant.imports()).as("failed and new import").hasSize(2);
  }

  @Test
  void eachValueOfTheRetryAnnotationStartsOneImport() throws IOException {
    defaultStore();
    tenant.createImage("fedora", from("/fedora").build());
    String first = failedImport("fedora", "");

    annotate("fedora", "once");
    String second = failedImport("fedora", first);
    annotate("fedora", "twice");
    String third = failedImport("fedora", second);

    assertThat(tenant.imports()).containsExactlyInAnyOrder(first, second, third);
    assertThat(web.requests()).hasSize(3);
  }

  @Test
  void correctedSourceStartsANewImport() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/fedora.qcow").build());
    tenant.await(Image.class, "fedora", stalled("SourceNotFound"));

    changeSpec(
        "fedora", spec -> ImageSpecBuilder.builder(spec).source(source("/fedora.qcow2")).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(image.getStatus().observedGeneration()).isEqualTo(2);
  }

  @Test
  void correctedChecksumStartsANewImport() throws IOException {
    defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/fedora").checksum(Disk.qcow2(1).checksum()).build());
    tenant.await(Image.class, "fedora", stalled("ChecksumMismatch"));

    changeSpec("fedora", spec -> ImageSpecBuilder.builder(spec).checksum(disk.checksum()).build());

    tenant.await(Image.class, "fedora", ready());
  }

  @Test
  void correctedFormatStartsANewImport() throws IOException {
    defaultStore();
    web.on("/disk", WebResponses.bytes(Disk.raw(100_000)));
    tenant.createImage("disk", from("/disk").build());
    tenant.await(Image.class, "disk", stalled("UnknownFormat"));

    changeSpec(
        "disk", spec -> ImageSpecBuilder.builder(spec).diskFormat(DiskFormatName.RAW).build());

    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void changedDescriptionStartsNoImport() throws IOException {
    defaultStore();
    tenant.createImage("fedora", from("/fedora").build());
    String first = failedImport("fedora", "");

    changeSpec("fedora", spec -> ImageSpecBuilder.builder(spec).displayName("Fedora").build());

    tenant.await(Image.class, "fedora", that("seen", i -> i.getStatus().observedGeneration() == 2));
    assertThat(tenant.imports()).containsExactly(first);
    assertThat(web.requests()).hasSize(1);
  }

  @Test
  void sourceIsImmutableOnceBytesAreStored() throws IOException {
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());

    assertThatThrownBy(
            () ->
                changeSpec(
                    "fedora", s -> ImageSpecBuilder.builder(s).source(source("/other")).build()))
        .hasMessageContaining("spec.source is immutable");
  }

  @Test
  void changedSourceCancelsTheRunningImport() throws IOException {
    StoreDirectory store = defaultStore();
    SteppedResponse response = new SteppedResponse(Disk.qcow2(1));
    Disk disk = Disk.qcow2();
    web.on("/old", response).on("/new", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/old").build());
    response.awaitRequest();
    String old = tenant.await(Image.class, "fedora", hasImport()).getStatus().importRef().name();

    changeSpec("fedora", spec -> ImageSpecBuilder.builder(spec).source(source("/new")).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(store.content()).filteredOn(name -> name.endsWith("/disk")).hasSize(1);
    assertThat(store.content()).noneMatch(name -> name.startsWith(".partial"));
    tenant.awaitGone(ImageImport.class, old);
  }

  @Test
  void editsDuringAnImportAreKept() throws IOException {
    defaultStore();
    SteppedResponse response = new SteppedResponse(Disk.raw(1 << 20));
    web.on("/disk", response);
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    response.awaitRequest();

    int edits = 20;
    for (int i = 1; i <= edits; i++) {
      String now = Integer.toString(i);
      tenant.edit(
          Image.class,
          "disk",
          image -> {
            Map<String, String> labels = new HashMap<>(image.getMetadata().getLabels());
            labels.put("edit-" + now, now);
            image.getMetadata().setLabels(labels);
            image.setSpec(
                ImageSpecBuilder.builder(image.getSpec())
                    .displayName("Edit " + now)
                    .tags(List.of("edit-" + now))
                    .build());
            return image;
          });
      response.sendOne();
    }
    response.sendAll();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(image.getMetadata().getLabels().keySet())
        .filteredOn(label -> label.startsWith("edit-"))
        .hasSize(edits);
    assertThat(image.getSpec().displayName()).isEqualTo("Edit " + edits);
    assertThat(image.getSpec().tags()).containsExactly("edit-" + edits);
    tenant.await(
        Image.class,
        "disk",
        that(
            "up to date",
            i -> i.getStatus().observedGeneration().equals(i.getMetadata().getGeneration())));
    assertThat(web.requests()).as("requests").hasSize(1);
  }

  private void annotate(String image, String retry) {
    tenant.edit(
        Image.class,
        image,
        object -> {
          object.getMetadata().setAnnotations(Map.of(ApiGroup.RETRY_ANNOTATION, retry));
          return object;
        });
  }

  private void changeSpec(String image, UnaryOperator<ImageSpec> change) {
    tenant.edit(
        Image.class,
        image,
        object -> {
          object.setSpec(change.apply(object.getSpec()));
          return object;
        });
  }

  /** Waits for an import other than the given one and for its failure; returns its name. */
  private String failedImport(String image, String before) {
    return tenant
        .await(
            Image.class,
            image,
            that(
                "stalled after another import",
                i ->
                    stalled("SourceNotFound").test(i)
                        && !i.getStatus().importRef().name().equals(before)))
        .getStatus()
        .importRef()
        .name();
  }

  private static Predicate<Image> hasImport() {
    return that("with an import", i -> i.getStatus() != null && i.getStatus().importRef() != null);
  }
}
