package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.reconciling;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.LargeDisk;
import dev.darkroom.e2e.scenario.OperatorProcess;
import dev.darkroom.e2e.scenario.RangedDisk;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator's process ends during an import, and the next one completes it. */
class RestartTest extends ImportScenario {

  private StoreDirectory store;
  private OperatorProcess process;

  @BeforeEach
  void startOwnProcess() throws IOException {
    stopOperator();
    process = startProcess();
    store = defaultStore();
  }

  @AfterEach
  void endProcess() {
    if (process != null) {
      process.close();
    }
  }

  @Test
  void killedOperatorRestartsTheImport() throws IOException {
    LargeDisk disk = new LargeDisk(1024);
    web.on("/disk", disk);
    tenant.createImage("disk", raw(disk));
    String job = awaitHalf(disk);

    process.kill();

    assertThat(store.content())
        .as("store during the import")
        .anyMatch(n -> n.startsWith(".partial"));
    assertThat(store.content()).noneMatch(name -> name.startsWith(tenant.namespace()));

    process = startProcess();
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.isIn(store.disk(image))).isTrue();
    assertThat(image.getStatus().digest()).isEqualTo(image.getSpec().checksum());
    assertThat(store.content())
        .as("files in the store")
        .filteredOn(name -> name.endsWith("disk") || name.startsWith(".partial"))
        .containsExactly(store.path().relativize(store.disk(image)).toString());
    assertThat(tenant.imports()).containsExactly(job);
    assertThat(tenant.get(ImageImport.class, job).getStatus().attempts())
        .as("attempts after a restart")
        .isEqualTo(1);
    assertThat(web.requests()).hasSize(2);
  }

  @Test
  void killedOperatorResumesTheImportWithStaging() throws IOException {
    process.close();
    String staging = Files.createDirectory(directory.resolve("staging")).toString();
    process = startProcess("--staging", staging);
    RangedDisk disk = new RangedDisk(128);
    web.on("/disk", disk);
    tenant.createImage("disk", from("/disk").diskFormat(DiskFormatName.RAW).build());
    String job = awaitHalf(disk.size());

    process.kill();
    disk.release();
    process = startProcess("--staging", staging);

    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.isIn(store.disk(image))).isTrue();
    assertThat(disk.served())
        .as("bytes of the second half and in flight")
        .isBetween(disk.size() / 2, disk.size() / 2 + 4 * (8L << 20));
    assertThat(tenant.get(ImageImport.class, job).getStatus().attempts()).isEqualTo(1);
    assertThat(store.content()).noneMatch(name -> name.startsWith(".partial"));
  }

  @Test
  void terminatedOperatorLeavesNoPartialFiles() throws IOException, InterruptedException {
    LargeDisk disk = new LargeDisk(64);
    web.on("/disk", disk);
    tenant.createImage("disk", raw(disk));
    String job = awaitHalf(disk);

    int code = process.terminate(Duration.ofSeconds(10));

    assertThat(code).as("exit code after SIGTERM").isIn(0, 143);
    assertThat(process.log()).contains("stopped");
    assertThat(store.content()).as("store after SIGTERM").isEmpty();
    assertThat(tenant.image("disk")).matches(reconciling("Importing"));
    assertThat(tenant.get(ImageImport.class, job)).matches(reconciling("Importing"));

    process = startProcess();
    Image image = tenant.await(Image.class, "disk", ready());
    assertThat(disk.isIn(store.disk(image))).isTrue();
    assertThat(tenant.imports()).containsExactly(job);
    assertThat(tenant.get(ImageImport.class, job).getStatus().attempts()).isEqualTo(1);
  }

  @Test
  void deletionWithoutAnOperatorIsCompletedAtStart() throws IOException {
    LargeDisk disk = new LargeDisk(64);
    web.on("/disk", disk);
    tenant.createImage("disk", raw(disk));
    awaitHalf(disk);
    process.kill();

    tenant.delete(Image.class, "disk");
    process = startProcess();

    tenant.awaitGone(Image.class, "disk");
    Tenant.awaiting("an empty store").until(() -> store.content().isEmpty());
    assertThat(tenant.imports()).isEmpty();
  }

  @Test
  void logLinesOfATransferNameTheImport() throws IOException {
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));

    tenant.createImage("fedora", from("/fedora").build());

    Image image = tenant.await(Image.class, "fedora", ready());
    assertThat(process.log().lines().filter(line -> line.contains(" Transfer [")))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("namespace=" + tenant.namespace())
                    .contains("name=" + image.getStatus().importRef().name())
                    .contains("attempt=1"));
  }

  private OperatorProcess startProcess(String... flags) throws IOException {
    return OperatorProcess.start(
        cluster.kubeconfig(), Files.createTempFile(directory, "operator-", ".log"), flags);
  }

  private ImageSpec raw(LargeDisk disk) {
    return from("/disk").diskFormat(DiskFormatName.RAW).checksum(disk.checksum()).build();
  }

  /** Waits for half of the bytes; returns the name of the import. */
  private String awaitHalf(LargeDisk disk) {
    return awaitHalf(disk.size());
  }

  private String awaitHalf(long size) {
    String job =
        tenant
            .await(Image.class, "disk", that("importing", i -> reconciling("Importing").test(i)))
            .getStatus()
            .importRef()
            .name();
    tenant.await(
        ImageImport.class, job, that("at half", j -> j.getStatus().progress().bytes() == size / 2));
    return job;
  }
}
