package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.filesystem.FilesystemStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest {

  private static final String STORE =
      """
      apiVersion: darkroom.dev/v1alpha1
      kind: ImageStore
      metadata:
        name: %s
      spec:
        default: %s
        filesystem:
          path: /srv
      """;

  @TempDir Path directory;

  @Test
  void onlyImagesAreRemoved() throws Exception {
    Path theirs = Files.createDirectories(directory.resolve("default/theirs")).resolve("notes");
    Files.writeString(theirs, "theirs");
    try (FilesystemStore store = FilesystemStore.open(directory);
        BlobWrite write = store.open(BlobKey.of("default", "hello-1"))) {
      write.append(ByteBuffer.allocate(1000));
      write.commit(Map.of());
    }

    assertThat(LocalStore.empty(directory)).isEqualTo(new LocalStore.Removed(1, 1000));

    assertThat(theirs).hasContent("theirs");
    assertThat(directory.resolve("default/hello-1")).doesNotExist();
    assertThat(LocalStore.empty(directory)).isEqualTo(new LocalStore.Removed(0, 0));
  }

  @Test
  void isDefaultUnlessAManifestHasADefaultStore() {
    assertThat(LocalStore.beside(List.of(), directory).orElseThrow().getSpec().isDefault())
        .isTrue();
    assertThat(
            LocalStore.beside(stores("other", false), directory)
                .orElseThrow()
                .getSpec()
                .isDefault())
        .isTrue();
    assertThat(
            LocalStore.beside(stores("other", true), directory).orElseThrow().getSpec().isDefault())
        .isFalse();
  }

  @Test
  void isNotCreatedBesideAStoreOfItsName() {
    assertThat(LocalStore.beside(stores(LocalStore.NAME, false), directory)).isEmpty();
  }

  private static List<SourceObject> stores(String name, boolean isDefault) {
    return ManifestReader.parse("x.yaml", STORE.formatted(name, isDefault));
  }
}
