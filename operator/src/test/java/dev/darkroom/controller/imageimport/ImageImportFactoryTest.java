package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.SHA256;
import static dev.darkroom.controller.Fixtures.URL;
import static dev.darkroom.controller.Fixtures.annotated;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.web;
import static dev.darkroom.controller.Fixtures.withBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.OperatingSystem;
import dev.darkroom.api.ReclaimPolicy;
import dev.darkroom.controller.Fixtures;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageImportFactoryTest {

  private static final String RETRY = ApiGroup.RETRY_ANNOTATION;
  private static final int LONGEST_OBJECT_NAME = 253;

  /** A DNS-1123 subdomain (RFC 1123 section 2.1, as Kubernetes reads it). */
  private static final String OBJECT_NAME =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

  static Stream<Named<UnaryOperator<ImageSpecBuilder>>> changesOfTheRequest() {
    return Stream.of(
        spec("source", s -> s.source(web("https://images.example/other.qcow2"))),
        spec("checksum", s -> s.checksum("sha256:" + "cd".repeat(32))),
        spec("no checksum", s -> s.checksum(null)),
        spec("format", s -> s.diskFormat(DiskFormatName.RAW)),
        spec("no format", s -> s.diskFormat(null)),
        spec("another store", s -> s.stores(List.of("cold"))),
        spec("one store more", s -> s.stores(List.of("fast", "cold"))),
        spec("the default store", s -> s.stores(List.of())));
  }

  @ParameterizedTest
  @MethodSource("changesOfTheRequest")
  void aChangeOfTheRequestGetsAnotherImport(UnaryOperator<ImageSpecBuilder> changed) {
    Image before = image("ubuntu", ImageImportFactoryTest::whole);
    Image after = image("ubuntu", spec -> changed.apply(whole(spec)));

    assertThat(ImageImportFactory.name(after)).isNotEqualTo(ImageImportFactory.name(before));
  }

  static Stream<Named<UnaryOperator<ImageSpecBuilder>>> changesThatKeepTheBytes() {
    return Stream.of(
        spec("display name", s -> s.displayName("Another name")),
        spec("tags", s -> s.tags(List.of("lts"))),
        spec("properties", s -> s.properties(Map.of("hw_disk_bus", "virtio"))),
        spec("os", s -> s.os(new OperatingSystem("ubuntu", "24.04", "x86_64", "linux"))),
        spec("disk", s -> s.minDisk(new Quantity("10Gi"))),
        spec("memory", s -> s.minMemory(new Quantity("1Gi"))),
        spec("reclaim policy", s -> s.reclaimPolicy(ReclaimPolicy.RETAIN)));
  }

  @ParameterizedTest
  @MethodSource("changesThatKeepTheBytes")
  void aChangeThatKeepsTheBytesKeepsTheImport(UnaryOperator<ImageSpecBuilder> changed) {
    Image before = image("ubuntu", ImageImportFactoryTest::whole);
    Image after = image("ubuntu", spec -> changed.apply(whole(spec)));

    assertThat(ImageImportFactory.name(after)).isEqualTo(ImageImportFactory.name(before));
  }

  /** A change of this name would start every import again after an upgrade. */
  @Test
  void theNameOfAnImportStaysTheSameAfterAnUpgrade() {
    Image image =
        image("wrong", spec -> spec.source(web("http://127.0.0.1:27171/wrong")).checksum(SHA256));
    image.getMetadata().setUid("6f6e8d75-472e-4264-bb0c-891435750f5f");

    assertThat(ImageImportFactory.name(image)).isEqualTo("wrong-914f094d5a");
    assertThat(ImageImportFactory.isNamed(image, "wrong-914f094d5a")).isTrue();
    assertThat(ImageImportFactory.isNamed(annotated(RETRY, "1", image), "wrong-914f094d5a"))
        .isFalse();
  }

  @Test
  void metadataAndStatusKeepTheImport() {
    Image image = annotated("example.com/note", "hello", withBytes(image("ubuntu"), "fast"));
    image.getMetadata().setGeneration(12L);
    image.getMetadata().setResourceVersion("4711");
    image.getMetadata().setLabels(Map.of("team", "lab"));

    assertThat(ImageImportFactory.name(image)).isEqualTo(ImageImportFactory.name(image("ubuntu")));
  }

  @Test
  void eachNewValueOfTheRetryAnnotationGetsAnotherImport() {
    Image never = image("ubuntu");
    Image once = annotated(RETRY, "1", image("ubuntu"));
    Image twice = annotated(RETRY, "2", image("ubuntu"));

    assertThat(Stream.of(never, once, twice).map(ImageImportFactory::name)).doesNotHaveDuplicates();
    assertThat(ImageImportFactory.name(annotated(RETRY, "1", image("ubuntu"))))
        .isEqualTo(ImageImportFactory.name(once));
  }

  @Test
  void anImageThatWasDeletedAndCreatedAgainGetsAnotherImport() {
    Image again = image("ubuntu");
    again.getMetadata().setUid("another-uid");

    assertThat(ImageImportFactory.name(again))
        .isNotEqualTo(ImageImportFactory.name(image("ubuntu")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"u", "ubuntu-24.04", "a.b.c"})
  void theNameStartsWithTheImageNameAndIsAValidObjectName(String name) {
    assertThat(ImageImportFactory.name(image(name))).startsWith(name + "-").matches(OBJECT_NAME);
  }

  @Test
  void theLongestImageNameGivesAValidObjectName() {
    String longest = "a".repeat(63) + "." + "b".repeat(63) + "9";

    assertThat(longest).hasSize(128);
    assertThat(ImageImportFactory.name(image(longest)))
        .hasSizeLessThanOrEqualTo(LONGEST_OBJECT_NAME)
        .matches(OBJECT_NAME);
  }

  @Test
  void theImportHasTheRequestOfTheImageAndIsOwnedByIt() {
    Image image = image("ubuntu", ImageImportFactoryTest::whole);

    ImageImport job = ImageImportFactory.of(image);

    assertThat(job.getMetadata().getName()).isEqualTo(ImageImportFactory.name(image));
    assertThat(job.getMetadata().getNamespace()).isEqualTo(Fixtures.NAMESPACE);
    assertThat(job.getSpec().imageRef().name()).isEqualTo("ubuntu");
    assertThat(job.getSpec().web().url()).isEqualTo(URL);
    assertThat(job.getSpec().checksum()).isEqualTo(SHA256);
    assertThat(job.getSpec().stores()).containsExactly("fast");
    OwnerReference owner = job.getMetadata().getOwnerReferences().get(0);
    assertThat(owner.getUid()).isEqualTo("uid-of-ubuntu");
    assertThat(owner.getKind()).isEqualTo("Image");
    assertThat(owner.getApiVersion()).isEqualTo("darkroom.dev/v1alpha1");
    assertThat(owner.getController()).isTrue();
    assertThat(owner.getBlockOwnerDeletion()).isTrue();
  }

  private static ImageSpecBuilder whole(ImageSpecBuilder spec) {
    return spec.source(web(URL))
        .checksum(SHA256)
        .diskFormat(DiskFormatName.QCOW2)
        .stores(List.of("fast"));
  }

  private static Named<UnaryOperator<ImageSpecBuilder>> spec(
      String name, UnaryOperator<ImageSpecBuilder> change) {
    return named(name, change);
  }
}
