package dev.darkroom.e2e.scenario.stores;

import static dev.darkroom.e2e.scenario.ConditionPredicates.condition;
import static dev.darkroom.e2e.scenario.ConditionPredicates.message;
import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static dev.darkroom.e2e.scenario.stores.CopyPlacementTest.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Corrupt and missing copies: the status reports them and they are replaced from a good copy. */
class CopyScrubTest extends ImportScenario {

  @Override
  protected OperatorSettings settings() {
    return quick().probeInterval(Duration.ofMillis(300)).build();
  }

  @Test
  void requestedScrubReplacesACorruptCopy() throws IOException {
    StoreDirectory a = store("a");
    StoreDirectory b = store("b");
    Image image = imported(List.of(a, b));
    byte[] bytes = Files.readAllBytes(a.disk(image));
    flipABit(b.disk(image));

    scrub("1");

    assertThat(tenant.awaitEvent("fedora", "CopyCorrupt")).contains(b.name());
    assertThat(tenant.awaitEvent("fedora", "CopyMade")).contains(b.name());
    tenant.await(Image.class, "fedora", in(a, b));
    tenant.await(
        Image.class, "fedora", that("checked", i -> "1".equals(i.getStatus().observedScrub())));
    assertThat(b.disk(image)).hasBinaryContent(bytes);
    assertThat(a.disk(image)).hasBinaryContent(bytes);
  }

  @Test
  void missingCopyIsReplaced() throws IOException {
    StoreDirectory a = store("a");
    StoreDirectory b = store("b");
    Image image = imported(List.of(a, b));
    byte[] bytes = Files.readAllBytes(a.disk(image));
    remove(b, image);

    scrub("1");

    assertThat(tenant.awaitEvent("fedora", "CopyMissing")).contains(b.name());
    assertThat(tenant.awaitEvent("fedora", "CopyMade")).contains(b.name());
    tenant.await(Image.class, "fedora", in(a, b));
    assertThat(b.disk(image)).hasBinaryContent(bytes);
  }

  @Test
  void onlyCopyIsKeptWhenCorrupt() throws IOException {
    StoreDirectory a = store("a");
    Image image = imported(List.of(a));
    flipABit(a.disk(image));

    scrub("1");

    Image bad = tenant.await(Image.class, "fedora", stalled("CopyCorrupt"));
    assertThat(message(bad)).contains(a.name()).contains("sha256:");
    assertThat(bad.getStatus().digest()).isEqualTo(image.getStatus().digest());
    assertThat(condition(bad, "Verified").orElseThrow().getStatus()).isEqualTo("False");
    assertThat(a.disk(image)).isRegularFile();

    flipABit(a.disk(image));
    scrub("2");

    tenant.await(Image.class, "fedora", in(a));
    assertThat(tenant.awaitEvent("fedora", "CopyFound")).contains(a.name());
  }

  @Test
  void scrubContinuesAfterARestart() throws IOException {
    stopOperator();
    Path staging = Files.createDirectory(directory.resolve("staging"));
    OperatorSettings slow =
        OperatorSettingsBuilder.builder(settings())
            .staging(Optional.of(staging))
            .scrubBytesPerSecond(OptionalLong.of(1 << 20))
            .build();
    startOperator(slow);
    StoreDirectory a = store("a");
    web.on("/fedora", WebResponses.bytes(Disk.raw(64 << 20)));
    tenant.createImage(
        "fedora", from("/fedora").diskFormat(DiskFormatName.RAW).stores(List.of(a.name())).build());
    Image image = tenant.await(Image.class, "fedora", ready());

    scrub("1");
    Tenant.awaiting("a saved scrub position").until(() -> Files.exists(staging.resolve("scrubs")));
    stopOperator();
    // The corruption is before the saved position, so this scrub does not find it; the next one
    // does.
    flip(a.disk(image), 0);
    startOperator(
        OperatorSettingsBuilder.builder(slow).scrubBytesPerSecond(OptionalLong.empty()).build());

    tenant.await(
        Image.class, "fedora", that("checked", i -> "1".equals(i.getStatus().observedScrub())));
    assertThat(tenant.image("fedora")).matches(ready());
    scrub("2");
    tenant.await(Image.class, "fedora", stalled("CopyCorrupt"));
  }

  private Image imported(List<StoreDirectory> stores) {
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage(
        "fedora",
        from("/fedora").stores(stores.stream().map(StoreDirectory::name).toList()).build());
    return tenant.await(Image.class, "fedora", ready());
  }

  private void scrub(String value) {
    tenant.edit(
        Image.class,
        "fedora",
        image -> {
          Map<String, String> annotations = new HashMap<>();
          if (image.getMetadata().getAnnotations() != null) {
            annotations.putAll(image.getMetadata().getAnnotations());
          }
          annotations.put("darkroom.dev/scrub", value);
          image.getMetadata().setAnnotations(annotations);
          return image;
        });
  }

  private static void flipABit(Path disk) throws IOException {
    flip(disk, Math.toIntExact(Files.size(disk) / 2));
  }

  private static void flip(Path disk, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(disk);
    bytes[at] ^= 1;
    boolean writable = disk.toFile().setWritable(true);
    assertThat(writable).isTrue();
    Files.write(disk, bytes);
  }

  private static void remove(StoreDirectory store, Image image) throws IOException {
    Files.delete(store.record(image));
    Files.delete(store.disk(image));
    Files.delete(store.disk(image).getParent());
  }
}
