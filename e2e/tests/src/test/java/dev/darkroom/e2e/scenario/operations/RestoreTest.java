package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static dev.darkroom.e2e.scenario.ConditionPredicates.stalled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportSpec;
import dev.darkroom.api.ImageSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.ImageStore;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.StoreDirectory;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.WebResponses;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Restore of a cluster from a backup of the users' specs: new uids, no status, unchanged stores.
 * Bytes are adopted without access to the source.
 */
class RestoreTest extends ImportScenario {

  private final Disk qcow2 = Disk.qcow2(1);
  private final Disk raw = Disk.raw(150_000);
  private final Disk packed = Disk.qcow2(2);
  private final Disk byHand = Disk.qcow2(3);
  private StoreDirectory store;
  private Tenant other;

  @BeforeEach
  void createImages() throws IOException {
    store = defaultStore();
    web.on("/qcow2", WebResponses.bytes(qcow2));
    web.on("/raw", WebResponses.bytes(raw));
    web.on("/packed", WebResponses.bytes(gzip(packed)));
    web.on("/by-hand", WebResponses.bytes(byHand));
    tenant.createImage("qcow2", from("/qcow2").checksum(qcow2.checksum("SHA-512")).build());
    tenant.createImage("raw", from("/raw").diskFormat(DiskFormatName.RAW).build());
    tenant.createImage("packed", from("/packed").checksum(gzip(packed).checksum()).build());
    tenant.createImage("by-hand", ImageSpecBuilder.builder().build());
    tenant.createImport(
        "by-hand", importOf("by-hand", "/by-hand").checksum(byHand.checksum()).build());
    for (String name : List.of("qcow2", "raw", "packed", "by-hand")) {
      tenant.await(Image.class, name, ready());
    }
  }

  @AfterEach
  void end() {
    stopOperator();
    if (other != null) {
      other.close();
    }
  }

  @Test
  void verifiedBytesAreAdoptedWithoutADownload() throws IOException {
    Map<String, Image> before = images();
    Map<Path, byte[]> files = files();
    int requests = web.requests().size();

    restore(() -> List.of("/qcow2", "/raw", "/packed", "/by-hand").forEach(this::removeFromServer));

    for (String name : before.keySet()) {
      Image after = tenant.await(Image.class, name, ready());
      Image was = before.get(name);
      assertThat(after.getMetadata().getUid()).isNotEqualTo(was.getMetadata().getUid());
      assertThat(after.getStatus().digest()).isEqualTo(was.getStatus().digest());
      assertThat(after.getStatus().delivered()).isEqualTo(was.getStatus().delivered());
      assertThat(store.disk(after)).hasSameBinaryContentAs(store.disk(was));
    }
    assertThat(web.requests()).as("requests to the source").hasSize(requests);
    files.forEach(
        (file, bytes) -> assertThat(file).as("file of the old image").hasBinaryContent(bytes));

    tenant.delete(Image.class, "raw");
    tenant.awaitGone(Image.class, "raw");
    assertThat(store.disk(before.get("raw"))).as("file of the old image").exists();
  }

  @Test
  void changedBytesAreNotAdopted() throws IOException {
    Path disk = store.disk(tenant.image("qcow2"));
    byte[] bytes = Files.readAllBytes(disk);
    bytes[bytes.length - 1] ^= 1;

    restore(
        () -> {
          try {
            Files.write(disk, bytes);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    Image image = tenant.await(Image.class, "qcow2", ready());
    assertThat(store.disk(image)).hasBinaryContent(qcow2.bytes());
    assertThat(web.requests()).filteredOn(head -> head.startsWith("GET /qcow2 ")).hasSize(2);
  }

  @Test
  void otherImagesCannotAdoptByDigestOrSource() {
    removeFromServer("/qcow2");
    removeFromServer("/raw");
    ImageSpec digest = tenant.image("qcow2").getSpec();
    ImageSpec source = tenant.image("raw").getSpec();
    other = Tenant.create(cluster.client(), tenant.namespace() + "-other");

    other.createImage("qcow2", digest);
    other.createImage("raw", source);
    tenant.createImage("qcow2-2", digest);
    tenant.createImage("qcow", digest);

    other.await(Image.class, "qcow2", stalled("SourceNotFound"));
    other.await(Image.class, "raw", stalled("SourceNotFound"));
    tenant.await(Image.class, "qcow2-2", stalled("SourceNotFound"));
    tenant.await(Image.class, "qcow", stalled("SourceNotFound"));
  }

  @Test
  void changedSourceOrChecksumIsNotAdopted() {
    Map<String, ImageSpec> changed = new HashMap<>();
    changed.put("raw", from("/elsewhere").diskFormat(DiskFormatName.RAW).build());
    changed.put("qcow2", from("/qcow2").checksum(packed.checksum("SHA-512")).build());

    restore(() -> List.of("/qcow2", "/raw").forEach(this::removeFromServer), changed);

    tenant.await(Image.class, "raw", stalled("SourceNotFound"));
    tenant.await(Image.class, "qcow2", stalled("SourceNotFound"));
  }

  private void removeFromServer(String path) {
    web.on(path, WebResponses.status(404));
  }

  private void restore(Runnable meanwhile) {
    restore(meanwhile, Map.of());
  }

  /** Deletes every object without cleanup, and creates it again from its spec. */
  private void restore(Runnable meanwhile, Map<String, ImageSpec> changed) {
    ImageStore definition = tenant.get(ImageStore.class, store.name());
    Map<String, Image> images = images();
    ImageImportSpec job = tenant.get(ImageImport.class, "by-hand").getSpec();
    stopOperator();
    tenant.imports().forEach(name -> deleteWithoutCleanup(ImageImport.class, name));
    images.keySet().forEach(name -> deleteWithoutCleanup(Image.class, name));
    deleteWithoutCleanup(ImageStore.class, store.name());
    meanwhile.run();

    tenant.createStore(store.name(), definition.getSpec());
    images.forEach(
        (name, image) -> tenant.createImage(name, changed.getOrDefault(name, image.getSpec())));
    tenant.createImport("by-hand", job);
    startOperator(settings());
  }

  private <T extends HasMetadata> void deleteWithoutCleanup(Class<T> kind, String name) {
    tenant.edit(
        kind,
        name,
        object -> {
          object.getMetadata().setFinalizers(List.of());
          return object;
        });
    tenant.delete(kind, name);
    tenant.awaitGone(kind, name);
  }

  private Map<String, Image> images() {
    Map<String, Image> images = new HashMap<>();
    List.of("qcow2", "raw", "packed", "by-hand")
        .forEach(name -> images.put(name, tenant.image(name)));
    return images;
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> files = new HashMap<>();
    for (Image image : images().values()) {
      files.put(store.disk(image), Files.readAllBytes(store.disk(image)));
      files.put(store.record(image), Files.readAllBytes(store.record(image)));
    }
    return files;
  }

  private static Disk gzip(Disk disk) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(disk.bytes());
    }
    return Disk.of(bytes.toByteArray());
  }
}
