package dev.darkroom.e2e.scenario.upgrade;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The current operator with the data of an earlier, killed release: all objects are adopted, and
 * verified bytes are neither fetched, written nor checked again.
 */
class UpgradeTest extends ImportScenario {

  private static final List<String> WITH_BYTES = List.of("cloud", "data", "by-hand");

  private final Map<String, Disk> disks = new HashMap<>();
  private final AtomicLong served = new AtomicLong();
  private FaultyServer source;
  private Tenant tenantOfRelease;

  @BeforeEach
  void serveOriginalFiles() throws IOException {
    stopOperator();
    try {
      source = FaultyServer.startAt(InetAddress.getLoopbackAddress(), Release.PORT);
    } catch (BindException e) {
      assumeTrue(false, "port " + Release.PORT + " of the original web server is in use");
    }
    disks.putAll(Release.disks());
    disks.forEach(
        (name, disk) -> {
          String tag = '"' + disk.checksum().substring("sha256:".length()).substring(0, 16) + '"';
          FaultyServerFile file = new FaultyServerFile(disk.bytes(), tag);
          source.on(
              "/" + name,
              exchange -> {
                served.addAndGet(
                    file.asked(exchange).map(FaultyServerFile.Asked::length).orElse(disk.size()));
                file.play(exchange);
              });
        });
  }

  @AfterEach
  void end() throws IOException {
    stopOperator();
    if (source != null) {
      source.close();
    }
    if (tenantOfRelease != null) {
      tenantOfRelease.close();
    }
  }

  @Test
  void importsContinueAndCopiesStayAfterAnUpgrade() throws IOException {
    Release release = restore("b3be4f7", "today");
    Map<Path, String> before = blobs(release);

    startOperator(quick().staging(Optional.of(release.directory().resolve("staging"))).build());

    assertUpgraded(release, before);
    assertThat(served.get())
        .as("bytes of the running import")
        .isEqualTo(disks.get("halfway").size() / 2);
    verified("packed", "by-hand");
    tenantOfRelease.await(Image.class, "link", ready());
    assertDeletable(release);
  }

  /** Restores objects and files. */
  private Release restore(String name, String namespace) throws IOException {
    Release release = Release.unpack(name, Files.createDirectory(directory.resolve(name)));
    tenantOfRelease = Tenant.create(cluster.client(), namespace);
    for (ObjectNode object : release.objects()) {
      assumeTrue(cluster.plant(object), "no direct storage access on " + cluster.description());
    }
    release
        .all("ImageStore")
        .forEach(s -> tenantOfRelease.removeOnClose(s.at("/metadata/name").asText()));
    return release;
  }

  private void assertUpgraded(Release release, Map<Path, String> before) throws IOException {
    for (String name : WITH_BYTES) {
      verified(name, name);
    }
    tenantOfRelease.await(Image.class, "halfway", ready());
    verified("halfway", "halfway");
    tenantOfRelease.await(Image.class, "wrong", stalled("ChecksumMismatch"));
    assertThat(source.requests()).as("requests").allMatch(head -> head.startsWith("GET /halfway "));
    assertThat(blobs(release)).as("files of the earlier release").containsAllEntriesOf(before);
  }

  /** Every copy matches its recorded digest. */
  private void verified(String name, String disk) {
    tenantOfRelease.edit(
        Image.class,
        name,
        image -> {
          image.getMetadata().getAnnotations().put(ApiGroup.SCRUB_ANNOTATION, "after");
          return image;
        });
    Image image =
        tenantOfRelease.await(
            Image.class,
            name,
            that("scrubbed", i -> "after".equals(i.getStatus().observedScrub())));
    assertThat(image).matches(ready());
    assertThat(image.getStatus().digest()).isEqualTo(disks.get(disk).checksum());
  }

  private void assertDeletable(Release release) throws IOException {
    for (ObjectNode image : release.all("Image")) {
      tenantOfRelease.delete(Image.class, image.at("/metadata/name").asText());
    }
    for (ObjectNode image : release.all("Image")) {
      tenantOfRelease.awaitGone(Image.class, image.at("/metadata/name").asText());
    }
    assertThat(new StoreDirectory("", release.directory().resolve("store")).content()).isEmpty();
    assertThat(tenantOfRelease.imports()).isEmpty();
  }

  /** The published files of the store with their modification times. */
  private static Map<Path, String> blobs(Release release) throws IOException {
    Map<Path, String> blobs = new HashMap<>();
    Path store = release.directory().resolve("store");
    try (var files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(store.resolve(".partial"))) {
          blobs.put(
              file, Disk.of(Files.readAllBytes(file)).checksum() + Files.getLastModifiedTime(file));
        }
      }
    }
    return blobs;
  }
}
