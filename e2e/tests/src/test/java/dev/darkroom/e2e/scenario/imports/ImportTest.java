package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.e2e.scenario.ConditionPredicates;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Successful imports: bytes are verified and stored; status and Events describe the import. */
class ImportTest extends ImportScenario {

  @Test
  void imageIsVerifiedAndStored() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));

    tenant.createImage("fedora", from("/fedora.qcow2").checksum(disk.checksum()).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(image.getStatus().phase()).isEqualTo(ImagePhase.ACTIVE);
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    assertThat(image.getStatus().checksums())
        .containsEntry("sha256", disk.checksum().substring("sha256:".length()));
    assertThat(image.getStatus().size()).isEqualTo(disk.size());
    assertThat(image.getStatus().virtualSize()).isEqualTo(1L << 30);
    assertThat(image.getStatus().diskFormat()).isEqualTo("qcow2");
    assertThat(image.getStatus().imageID()).isEqualTo(image.getMetadata().getUid());
    assertThat(image.getStatus().observedGeneration())
        .isEqualTo(image.getMetadata().getGeneration());
    assertThat(image.getStatus().progress()).isEqualTo("Done");
    assertThat(image.getStatus().stores())
        .singleElement()
        .returns(store.name(), StoreCopy::name)
        .returns(CopyState.AVAILABLE, StoreCopy::state)
        .returns((long) disk.size(), StoreCopy::bytes);
    assertThat(message(image)).contains(store.name());
    assertThat(condition(image, "Verified"))
        .hasValueSatisfying(c -> assertThat(c.getStatus()).isEqualTo("True"));
  }

  @Test
  void metadataFileDescribesTheImage() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));
    tenant.createImage(
        "fedora", from("/fedora.qcow2").displayName("Fedora").tags(List.of("linux")).build());
    Image image = tenant.await(Image.class, "fedora", ready());

    JsonNode found = Serialization.unmarshal(Files.readString(store.record(image)), JsonNode.class);

    assertThat(found.path("size").asLong()).isEqualTo(disk.size());
    JsonNode attributes = found.path("attributes");
    assertThat(attributes.path("namespace").asText()).isEqualTo(tenant.namespace());
    assertThat(attributes.path("name").asText()).isEqualTo("fedora");
    assertThat(attributes.path("uid").asText()).isEqualTo(image.getMetadata().getUid());
    assertThat("sha256:" + attributes.path("digest-sha256").asText()).isEqualTo(disk.checksum());
    assertThat(attributes.path("format").asText()).isEqualTo("qcow2");
    assertThat(attributes.path("virtual-size").asLong()).isEqualTo(1L << 30);
    assertThat(Serialization.unmarshal(attributes.path("spec").asText(), ImageSpec.class))
        .isEqualTo(image.getSpec());
  }

  @Test
  void importStatusDescribesTheTransfer() throws IOException {
    defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));

    tenant.createImage("fedora", from("/fedora.qcow2").checksum(disk.checksum()).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    String name = image.getStatus().importRef().name();
    assertThat(tenant.imports()).containsExactly(name);
    ImageImport imageImport = tenant.await(ImageImport.class, name, ready());
    assertThat(imageImport.getStatus().phase()).isEqualTo(ImportPhase.SUCCEEDED);
    assertThat(imageImport.getStatus().attempts()).isEqualTo(1);
    assertThat(imageImport.getStatus().column()).isEqualTo("Done");
    assertThat(imageImport.getStatus().progress().percent()).isEqualTo(100);
    assertThat(imageImport.getStatus().source().location()).isEqualTo(web.url("/fedora.qcow2"));
    assertThat(imageImport.getStatus().source().length()).isEqualTo(disk.size());
    assertThat(imageImport.getStatus().startTime()).isNotNull();
    assertThat(imageImport.getStatus().completionTime()).isNotNull();
    assertThat(condition(imageImport, "Complete")).isPresent();
    assertThat(condition(imageImport, "Failed")).isEmpty();
    assertThat(imageImport.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(image.getMetadata().getUid()));
    assertThat(web.requests()).as("requests").hasSize(1);
  }

  @Test
  void eventsDescribeTheImport() throws IOException {
    StoreDirectory store = defaultStore();
    SteppedResponse response = new SteppedResponse(Disk.qcow2());
    web.on("/fedora.qcow2", response);

    tenant.createImage("fedora", from("/fedora.qcow2").build());
    tenant.awaitEvent("fedora", "Importing");
    response.sendAll();
    tenant.await(Image.class, "fedora", ready());

    assertThat(tenant.awaitEvent("fedora", "Available")).contains(store.name());
    String imageImport = tenant.image("fedora").getStatus().importRef().name();
    assertThat(tenant.awaitEvent(imageImport, "Importing")).isNotEmpty();
    assertThat(tenant.awaitEvent(imageImport, "Succeeded")).contains(store.name());
    assertThat(tenant.events("fedora")).allMatch(line -> line.startsWith("Normal "));
    assertThat(tenant.events(imageImport)).allMatch(line -> line.startsWith("Normal "));
  }

  @Test
  void runningImportReportsProgress() throws IOException {
    defaultStore();
    Disk disk = Disk.raw(1 << 20);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", response);

    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());

    Image running =
        tenant.await(
            Image.class,
            "disk",
            ConditionPredicates.that(
                "at 50%", i -> i.getStatus() != null && "50%".equals(i.getStatus().progress())));
    assertThat(running.getStatus().phase()).isEqualTo(ImagePhase.IMPORTING);
    ImageImport imageImport = tenant.get(ImageImport.class, running.getStatus().importRef().name());
    assertThat(imageImport.getStatus().progress().bytes()).isEqualTo(disk.size() / 2);
    assertThat(imageImport.getStatus().progress().totalBytes()).isEqualTo(disk.size());
    response.sendAll();
    tenant.await(Image.class, "disk", ready());
  }

  @Test
  void eachNamedStoreGetsACopy() throws IOException {
    StoreDirectory one = store("one");
    StoreDirectory two = store("two");
    StoreDirectory three = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));

    tenant.createImage(
        "fedora", from("/fedora.qcow2").stores(List.of(one.name(), two.name())).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(one.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(two.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(three.content()).isEmpty();
    assertThat(image.getStatus().summary().stores()).isEqualTo("2/2");
    assertThat(image.getStatus().stores())
        .extracting(StoreCopy::name)
        .containsExactly(one.name(), two.name());
    assertThat(web.requests()).as("requests").hasSize(1);
  }

  @Test
  void importFillsAnImageWithoutSource() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));
    tenant.createImage("fedora", ImageSpecBuilder.builder().build());
    tenant.await(Image.class, "fedora", resting("AwaitingImport"));

    tenant.createImport(
        "by-hand", importOf("fedora", "/fedora.qcow2").checksum(disk.checksum()).build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(store.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(image.getStatus().importRef().name()).isEqualTo("by-hand");
    assertThat(tenant.imports()).containsExactly("by-hand");
  }

  @Test
  void checksumAlgorithmsAreVerified() throws IOException {
    defaultStore();
    Disk disk = Disk.qcow2();
    web.on("/fedora.qcow2", WebResponses.bytes(disk));

    for (String algorithm : List.of("MD5", "SHA-1", "SHA-224", "SHA-384", "SHA-512")) {
      String name = algorithm.toLowerCase(Locale.ROOT);
      tenant.createImage(name, from("/fedora.qcow2").checksum(disk.checksum(algorithm)).build());
      Image image = tenant.await(Image.class, name, ready());
      assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    }
  }
}
