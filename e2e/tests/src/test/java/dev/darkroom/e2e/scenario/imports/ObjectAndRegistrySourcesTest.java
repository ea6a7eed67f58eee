package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.BundleReference;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.RegistrySourceSpec;
import dev.darkroom.api.S3SourceSpec;
import dev.darkroom.api.S3SourceSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ObjectStorageScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.source.registry.DockerRegistry;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sources in S3 buckets and container registries. */
class ObjectAndRegistrySourcesTest extends ObjectStorageScenario {

  @Test
  void s3ObjectIsImported() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    storage.server().put("disks/fedora 42.qcow2", disk.bytes());

    create("fedora", s3(storage.source("disks/fedora 42.qcow2")));

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
  }

  @Test
  void missingAndForbiddenS3ObjectsAreRefused() throws IOException {
    defaultStore();
    storage.server().put("fedora.qcow2", Disk.qcow2().bytes());
    S3SourceSpec there = storage.source("fedora.qcow2");

    create("absent", s3(storage.source("debian.qcow2")));
    create("unsigned", s3(S3SourceSpecBuilder.builder(there).credentialsRef(null).build()));
    Image absent = tenant.await(Image.class, "absent", stalled("SourceNotFound"));
    Image unsigned = tenant.await(Image.class, "unsigned", stalled("SourceForbidden"));
    storage.useKeys(S3Credentials.of("test-access-key", "not-its-secret"));
    create("wrong", s3(there));
    Image wrong = tenant.await(Image.class, "wrong", stalled("SourceForbidden"));

    assertThat(message(absent)).contains("debian.qcow2");
    assertThat(message(unsigned)).contains("fedora.qcow2");
    assertThat(message(wrong)).contains("secret key").doesNotContain("not-its-secret");
  }

  @Test
  void containerDiskIsImportedWithAPassword() throws Exception {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    Path files = Files.createDirectory(directory.resolve("registry"));
    try (DockerRegistry registry = DockerRegistry.withPasswordAndTls(files)) {
      trust(Files.readString(files.resolve(DockerRegistry.CERTIFICATE)));
      String digest =
          registry.push("disks/fedora", "42", DockerRegistry.Layer.containerDisk(disk.bytes()));
      tenant.putSecret("login", Map.of("username", "user", "password", "geheim"));
      tenant.putSecret("stranger", Map.of("username", "user", "password", "falsch"));
      String reference = registry.authority() + "/disks/fedora";

      create("pinned", registry(reference + "@" + digest, "login"));
      create("tagged", registry(reference + ":42", "login"));
      create("refused", registry(reference + ":42", "stranger"));
      create("absent", registry(reference + ":41", "login"));

      Image pinned = tenant.await(Image.class, "pinned", ready());
      assertThat(store.disk(pinned)).hasBinaryContent(disk.bytes());
      Image tagged = tenant.await(Image.class, "tagged", ready());
      assertThat(tagged.getStatus().digest()).isEqualTo(disk.checksum());
      Image refused = tenant.await(Image.class, "refused", stalled("SourceForbidden"));
      assertThat(message(refused)).doesNotContain("falsch");
      tenant.await(Image.class, "absent", stalled("SourceNotFound"));
    }
  }

  private void create(String name, ImageSource source) {
    tenant.createImage(name, ImageSpecBuilder.builder().source(source).build());
  }

  private static ImageSource s3(S3SourceSpec spec) {
    return ImageSourceBuilder.builder().s3(spec).build();
  }

  private void trust(String certificate) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(tenant.namespace())
                .withName("authorities")
                .endMetadata()
                .addToData("ca.crt", certificate)
                .build())
        .create();
  }

  private static ImageSource registry(String reference, String secret) {
    return ImageSourceBuilder.builder()
        .registry(
            new RegistrySourceSpec(
                reference,
                null,
                new SecretReference(secret),
                new BundleReference("authorities", "ca.crt")))
        .build();
  }
}
