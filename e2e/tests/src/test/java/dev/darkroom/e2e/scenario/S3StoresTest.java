package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.ReplicationTest.in;
import static dev.darkroom.e2e.scenario.States.condition;
import static dev.darkroom.e2e.scenario.States.message;
import static dev.darkroom.e2e.scenario.States.ready;
import static dev.darkroom.e2e.scenario.States.reconciling;
import static dev.darkroom.e2e.scenario.States.that;
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
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.testing.S3Server;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Copies in S3: by themselves, beside others, and while the server is not as it should be. */
class S3StoresTest extends ObjectStorageScenario {

  private static final S3Credentials OTHER = S3Credentials.of("other-access-key", "other-secret");

  @Override
  OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick.probeInterval(Duration.ofMillis(300)).referenceInterval(Duration.ofMillis(300));
  }

  @Test
  void aBucketIsProbedAndSaysWhatItCanDoAndHolds() {
    String bucket = storage.store("eu");
    Disk disk = Disk.qcow2();
    web.on("/fedora", Answers.bytes(disk));
    tenant.createImage("fedora", from("/fedora").stores(List.of(bucket)).build());
    tenant.await(Image.class, "fedora", ready());

    ImageStore store =
        tenant.await(
            ImageStore.class, bucket, that("holding it", s -> s.getStatus().images() == 1));

    assertThat(store).matches(ready());
    assertThat(store.getStatus().used()).isEqualTo(disk.size());
    assertThat(store.getStatus().capabilities()).contains("Range", "Presign", "ServerSideCopy");
    assertThat(storage.objects()).isNotEmpty().allMatch(name -> name.startsWith("eu/"));
    assertThat(store.getStatus().available()).as("a bucket has no bottom").isNull();
  }

  @Test
  void anImageGoesToADirectoryAndABucketAndLeavesNothingBehindWhenItGoes() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    // More than one part.
    Disk disk = Disk.raw(12 << 20);
    web.on("/disk", Answers.bytes(disk));
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
    Tenant.awaiting("no probe to be left").until(() -> storage.server().objects().isEmpty());
  }

  @Test
  void twoStoresOfOneServerCopyAmongThemselvesAndAStoreTakenOffTheListIsEmptied() {
    String a = storage.store("a");
    String b = storage.store("b");
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(a)).build());
    tenant.await(Image.class, "fedora", in(List.of(a)));
    int asked = web.requests().size();
    assertThat(saidInLowerCase()).doesNotContain("x-amz-copy-source");

    stores(List.of(a, b));

    tenant.await(Image.class, "fedora", in(List.of(a, b)));
    assertThat(saidInLowerCase()).contains("x-amz-copy-source");
    assertThat(web.requests()).hasSize(asked);
    assertThat(storage.objects()).anyMatch(name -> name.startsWith("b/"));

    stores(List.of(b));

    tenant.await(Image.class, "fedora", in(List.of(b)));
    assertThat(tenant.awaitEvent("fedora", "CopyRemoved")).contains(a);
    assertThat(storage.objects()).isNotEmpty().allMatch(name -> name.startsWith("b/"));
  }

  @Test
  void aBucketIsFilledFromADirectoryAndADirectoryFromABucket() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    StoreDirectory elsewhere = store("elsewhere");
    Disk disk = Disk.qcow2();
    web.on("/fedora", Answers.bytes(disk));
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
  void aBucketThatFailsMidwayLeavesTheImportToTheOthersAndIsFilledLater() throws IOException {
    StoreDirectory here = store("here");
    String there = storage.store("there");
    Disk disk = Disk.raw(24 << 20);
    Gate gate = new Gate(disk);
    web.on("/disk", gate);
    tenant.createImage(
        "disk",
        from("/disk")
            .diskFormat(DiskFormatName.RAW)
            .stores(List.of(here.name(), there))
            .minAvailable(1)
            .build());
    gate.awaitArrival();
    tenant.await(Image.class, "disk", reconciling("Importing"));

    storage.server().accept(OTHER);
    gate.open();

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
    ImageImport job =
        tenant.imports().stream()
            .map(name -> tenant.get(ImageImport.class, name))
            .filter(one -> one.getSpec().copy() == null)
            .findFirst()
            .orElseThrow();
    assertThat(job).matches(ready());
    assertThat(job.getStatus().attempts()).isEqualTo(1);
    int asked = web.requests().size();

    storage.server().accept(S3Server.CREDENTIALS);

    tenant.await(Image.class, "disk", in(List.of(here.name(), there)));
    assertThat(web.requests()).as("filled from the copy").hasSize(asked);
    assertThat(tenant.awaitEvent("disk", "CopyMade")).contains(there);
  }

  @Test
  void aStoreWhoseSecretIsGoneIsWaitedFor() {
    String bucket = storage.store("eu");
    tenant.deleteSecret(ObjectStorage.SECRET);
    ImageStore store = tenant.await(ImageStore.class, bucket, reconciling("SecretMissing"));
    assertThat(message(store)).contains(ObjectStorage.SECRET);
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").stores(List.of(bucket)).build());
    tenant.await(Image.class, "fedora", reconciling("SecretMissing"));

    storage.tell(S3Server.CREDENTIALS);

    tenant.await(ImageStore.class, bucket, ready());
    Image image = tenant.await(Image.class, "fedora", ready());
    ImageImport job = tenant.get(ImageImport.class, image.getStatus().importRef().name());
    assertThat(job.getStatus().attempts()).as("to wait is no failure").isEqualTo(1);
  }

  @Test
  void aBucketThatIsNotThereSaysSo() {
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

  private String saidInLowerCase() {
    return storage.said().toLowerCase(Locale.ROOT);
  }
}
