package dev.darkroom.e2e.scenario.imports;

import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpecBuilder;
import dev.darkroom.api.ImageSource;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.SecretReference;
import dev.darkroom.api.WebSourceSpec;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ObjectStorageScenario;
import dev.darkroom.e2e.scenario.SteppedResponse;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.WebResponses;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Credentials that are rotated during an import. Probes of stores are so rare that only the import
 * itself can notice the change.
 */
class CredentialRotationTest extends ObjectStorageScenario {

  private static final S3Credentials NEW = S3Credentials.of("new-access-key", "new-secret-key");

  @Override
  protected OperatorSettingsBuilder settings(OperatorSettingsBuilder quick) {
    return quick
        .referenceInterval(Duration.ofMillis(300))
        // Slow enough for a rotation during the import.
        .bytesPerSecond(OptionalLong.of(16L << 20));
  }

  @Test
  void storeKeysAreRotatedDuringAnImport() {
    String bucket = storage.store("eu");
    Disk disk = Disk.raw(24 << 20);
    SteppedResponse response = new SteppedResponse(disk);
    web.on("/disk", response);
    tenant.createImage(
        "disk", from("/disk").diskFormat(DiskFormatName.RAW).stores(List.of(bucket)).build());
    awaitQuarter("disk", disk.size());

    storage.useKeys(NEW);
    storage.server().accept(NEW);
    response.sendAll();

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    assertThat(attempts(image)).as("attempts").isEqualTo(1);
    assertThat(web.requests()).as("requests").hasSize(1);
  }

  @Test
  void sourceKeysAreRotatedDuringAnImport() throws IOException {
    StoreDirectory store = defaultStore();
    Disk disk = Disk.raw(64 << 20);
    storage.server().put("disk.img", disk.bytes());
    tenant.createImage(
        "disk",
        ImageSpecBuilder.builder()
            .source(ImageSourceBuilder.builder().s3(storage.source("disk.img")).build())
            .diskFormat(DiskFormatName.RAW)
            .build());
    awaitQuarter("disk", disk.size());

    storage.useKeys(NEW);
    storage.server().accept(NEW);

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(store.disk(image)).hasSize(disk.size());
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    assertThat(attempts(image)).isEqualTo(1);
  }

  @Test
  void webTokenIsRotatedDuringAnImport() throws IOException {
    defaultStore();
    Disk disk = Disk.raw(64 << 20);
    AtomicReference<String> accepted = new AtomicReference<>("old-token");
    web.on("/disk", protectedBy(accepted, disk));
    tenant.putSecret("mirror", Map.of("token", "old-token"));
    tenant.createImage("disk", protectedDisk());
    awaitQuarter("disk", disk.size());

    tenant.putSecret("mirror", Map.of("token", "new-token"));
    accepted.set("new-token");

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(image.getStatus().digest()).isEqualTo(disk.checksum());
    assertThat(attempts(image)).isEqualTo(1);
  }

  @Test
  void refusalWithAnUnchangedSecretFails() throws IOException {
    defaultStore();
    Disk disk = Disk.raw(1 << 20);
    web.on("/disk", protectedBy(new AtomicReference<>("another-token"), disk));
    tenant.putSecret("mirror", Map.of("token", "old-token"));

    tenant.createImage("disk", protectedDisk());

    tenant.await(Image.class, "disk", stalled("SourceForbidden"));
  }

  @Test
  void resumedImportWaitsForADeletedSecret() throws IOException {
    defaultStore();
    Disk disk = Disk.raw(64 << 20);
    web.on("/disk", protectedBy(new AtomicReference<>("token"), disk));
    tenant.putSecret("mirror", Map.of("token", "token"));
    tenant.createImage("disk", ImageSpecBuilder.builder().diskFormat(DiskFormatName.RAW).build());
    tenant.createImport(
        "attempt",
        ImageImportSpecBuilder.builder(importOf("disk", "/disk").build())
            .web(protectedDisk().source().web())
            .build());
    awaitBytes("attempt", disk.size() / 4);
    suspend("attempt", true);
    tenant.await(ImageImport.class, "attempt", resting("Suspended"));

    tenant.deleteSecret("mirror");
    suspend("attempt", false);

    ImageImport waiting = tenant.await(ImageImport.class, "attempt", reconciling("SecretMissing"));
    assertThat(message(waiting)).contains("mirror");
    tenant.putSecret("mirror", Map.of("token", "token"));
    tenant.await(ImageImport.class, "attempt", ready());
  }

  private ImageSpec protectedDisk() {
    return ImageSpecBuilder.builder()
        .source(
            ImageSource.of(
                new WebSourceSpec(web.url("/disk"), new SecretReference("mirror"), null)))
        .diskFormat(DiskFormatName.RAW)
        .build();
  }

  private static Script protectedBy(AtomicReference<String> token, Disk disk) {
    FaultyServerFile file = new FaultyServerFile(disk.bytes(), "\"v1\"");
    return exchange -> {
      boolean known =
          exchange.header("Authorization").filter(("Bearer " + token.get())::equals).isPresent();
      if (known) {
        file.play(exchange);
      } else {
        exchange.head(401, WebResponses.length(0));
      }
    };
  }

  private void suspend(String name, boolean suspended) {
    tenant.edit(
        ImageImport.class,
        name,
        imageImport -> {
          imageImport.setSpec(
              ImageImportSpecBuilder.builder(imageImport.getSpec()).suspend(suspended).build());
          return imageImport;
        });
  }

  private void awaitQuarter(String image, long size) {
    String imageImport =
        tenant.await(Image.class, image, reconciling("Importing")).getStatus().importRef().name();
    awaitBytes(imageImport, size / 4);
  }

  private void awaitBytes(String imageImport, long bytes) {
    tenant.await(
        ImageImport.class,
        imageImport,
        that(
            "partly fetched",
            j ->
                j.getStatus() != null
                    && j.getStatus().progress() != null
                    && j.getStatus().progress().bytes() >= bytes));
  }

  private int attempts(Image image) {
    return tenant
        .get(ImageImport.class, image.getStatus().importRef().name())
        .getStatus()
        .attempts();
  }
}
