package dev.darkroom.e2e.scenario.stores;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static dev.darkroom.e2e.scenario.stores.CopyPlacementTest.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpecBuilder;
import dev.darkroom.api.S3StoreSpecBuilder;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ObjectStorage;
import dev.darkroom.e2e.scenario.ObjectStorageScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.testing.S3Server;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Copies in S3: in one store, in several, and during faults of the server. */
class S3StoresTest extends ObjectStorageScenario {

  private static final S3Credentials OTHER = S3Credentials.of("other-access-key", "other-secret");

  @Override
  protected OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick.probeInterval(Duration.ofMillis(300)).referenceInterval(Duration.ofMillis(300));
  }

  @Test
  void storeStatusReportsCapabilitiesAndContent() {
    String bucket = storage.store("eu");
    Disk disk = Disk.qcow2();
    web.on("/fedora", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/fedora").stores(List.of(bucket)).build());
    tenant.await(Image.class, "fedora", ready());

    ImageStore store =
        tenant.await(
            ImageStore.class, bucket, that("with one image", s -> s.getStatus().images() == 1));

    assertThat(store).matches(ready());
    assertThat(store.getStatus().used()).isEqualTo(disk.size());
    assertThat(store.getStatus().capabilities()).contains("Range", "Presign", "ServerSideCopy");
    assertThat(storage.objects()).isNotEmpty().allMatch(name -> name.startsWith("eu/"));
    assertThat(store.getStatus().available()).as("available bytes of a bucket").isNull();
  }

  @Test
  void imageInDirectoryAndBucketIsDeletedFromBoth() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    // More than one part.
    Disk disk = Disk.raw(12 << 20);
    web.on("/disk", WebResponses.bytes(disk));
    tenant.createImage(
        "disk",
        from("/disk")
            .diskFormat(DiskFormatName.RAW)
            .checksum(disk.checksum())
            .stores(List.of(here.name(), there))
            .build());

    Image image = tenant.await(Image.class, "disk", in(List.of(here.name(), there)));

    assertThat(here.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    assertThat(storage.objects()).isNotEmpty();
    tenant.delete(Image.class, "disk");
    tenant.awaitGone(Image.class, "disk");
    assertThat(storage.objects()).isEmpty();
    assertThat(here.content()).isEmpty();
    tenant.delete(ImageStore.class, there);
    tenant.awaitGone(ImageStore.class, there);
    Tenant.awaiting("deletion of probe objects").until(() -> storage.server().objects().isEmpty());
  }

  @Test
  void copiesWithinOneServerAreServerSide() {
    String a = storage.store("a");
    String b = storage.store("b");
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(a)).build());
    tenant.await(Image.class, "fedora", in(List.of(a)));
    int asked = web.requests().size();
    assertThat(receivedInLowerCase()).doesNotContain("x-amz-copy-source");

    stores(List.of(a, b));

    tenant.await(Image.class, "fedora", in(List.of(a, b)));
    assertThat(receivedInLowerCase()).contains("x-amz-copy-source");
    assertThat(web.requests()).hasSize(asked);
    assertThat(storage.objects()).anyMatch(name -> name.startsWith("b/"));

    stores(List.of(b));

    tenant.await(Image.class, "fedora", in(List.of(b)));
    assertThat(tenant.awaitEvent("fedora", "CopyRemoved")).contains(a);
    assertThat(storage.objects()).isNotEmpty().allMatch(name -> name.startsWith("b/"));
  }

  @Test
  void copiesBetweenDirectoryAndBucket() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    StoreDirectory elsewhere = store("elsewhere");
    Disk disk = Disk.qcow2();
    web.on("/fedora", WebResponses.bytes(disk));
    tenant.createImage("fedora", from("/fedora").stores(List.of(here.name())).build());
    tenant.await(Image.class, "fedora", ready());

    stores(List.of(there));
    tenant.await(Image.class, "fedora", in(List.of(there)));
    assertThat(here.content()).isEmpty();
    stores(List.of(elsewhere.name()));

    Image image = tenant.await(Image.class, "fedora", in(elsewhere));
    assertThat(elsewhere.disk(image)).hasBinaryContent(disk.bytes());
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void failedBucketIsFilledLater() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    Disk disk = Disk.raw(24 << 20);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", response);
    tenant.createImage(
        "disk",
        from("/disk")
            .diskFormat(DiskFormatName.RAW)
            .stores(List.of(here.name(), there))
            .minAvailable(1)
            .build());
    response.awaitRequest();
    tenant.await(Image.class, "disk", reconciling("Importing"));

    storage.server().accept(OTHER);
    response.sendAll();

    Image degraded =
        tenant.await(
            Image.class,
            "disk",
            that("degraded", i -> i.getStatus().phase() == ImagePhase.DEGRADED));
    assertThat(condition(degraded, "Ready").map(Condition::getStatus)).hasValue("True");
    assertThat(copyIn(there, degraded).map(StoreCopy::state))
        .isNotEqualTo(Optional.of(CopyState.AVAILABLE));
    assertThat(condition(degraded, "Replicated").orElseThrow().getMessage()).contains(there);
    assertThat(here.disk(degraded)).hasBinaryContent(disk.bytes());
    ImageImport imageImport =
        tenant.imports().stream()
            .map(name -> tenant.get(ImageImport.class, name))
            .filter(one -> one.getSpec().copy() == null)
            .findFirst()
            .orElseThrow();
    assertThat(imageImport).matches(ready());
    assertThat(imageImport.getStatus().attempts()).isEqualTo(1);
    int asked = web.requests().size();

    storage.server().accept(S3Server.CREDENTIALS);

    tenant.await(Image.class, "disk", in(List.of(here.name(), there)));
    assertThat(web.requests()).as("requests to the source").hasSize(asked);
    assertThat(tenant.awaitEvent("disk", "CopyMade")).contains(there);
  }

  @Test
  void imageWaitsForTheSecretOfAStore() {
    String bucket = storage.store("eu");
    tenant.deleteSecret(ObjectStorage.SECRET);
    ImageStore store = tenant.await(ImageStore.class, bucket, reconciling("SecretMissing"));
    assertThat(message(store)).contains(ObjectStorage.SECRET);
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(bucket)).build());
    tenant.await(Image.class, "fedora", reconciling("SecretMissing"));

    storage.useKeys(S3Server.CREDENTIALS);

    tenant.await(ImageStore.class, bucket, ready());
    Image image = tenant.await(Image.class, "fedora", ready());
    ImageImport imageImport = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(imageImport.getStatus().attempts()).as("attempts after waiting").isEqualTo(1);
  }

  @Test
  void missingBucketIsReported() {
    String name = tenant.namespace() + "-nowhere";
    tenant.createStore(
        name,
        ImageStoreSpecBuilder.builder()
            .s3(S3StoreSpecBuilder.builder(storage.at("x").s3()).bucket("no-such-bucket").build())
            .build());

    ImageStore store = tenant.await(ImageStore.class, name, reconciling("StoreUnavailable"));

    assertThat(message(store)).contains("no-such-bucket").contains("does not exist");
  }

  private void stores(List<String> names) {
    tenant.edit(
        Image.class,
        "fedora",
        image -> {
          image.setSpec(ImageSpecBuilder.builder(image.getSpec()).stores(names).build());
          return image;
        });
  }

  private static Optional<StoreCopy> copyIn(String store, Image image) {
    return image.getStatus().stores().stream().filter(c -> c.name().equals(store)).findFirst();
  }

  private String receivedInLowerCase() {
    return storage.received().toLowerCase(Locale.ROOT);
  }
}
