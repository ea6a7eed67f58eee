package dev.darkroom.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.controller.GatedStore;
import dev.darkroom.store.filesystem.FilesystemStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreReferencesTest {

  @TempDir private Path directory;
  private final StoreReferences leases = new StoreReferences();
  private GatedStore store;

  @BeforeEach
  void aStore() throws IOException {
    store = new GatedStore(FilesystemStore.open(directory));
  }

  @Test
  void aStoreWithoutAHolderIsClosedAtOnce() {
    leases.close(store);

    assertThat(store.isClosed()).isTrue();
    assertThat(leases.hold("late", List.of(store))).isFalse();
  }

  @Test
  void aStoreIsClosedWhenItsLastHolderReleasesIt() {
    assertThat(leases.hold("one", List.of(store))).isTrue();
    assertThat(leases.hold("two", List.of(store))).isTrue();

    leases.close(store);
    leases.release("one");
    assertThat(store.isClosed()).isFalse();
    assertThat(leases.hold("three", List.of(store))).as("hold of a retired store").isFalse();

    leases.release("two");
    assertThat(store.isClosed()).isTrue();
  }

  @Test
  void aStoreThatIsNotRetiredStaysOpen() {
    assertThat(leases.hold("one", List.of(store))).isTrue();

    leases.release("one");
    leases.release("never heard of");

    assertThat(store.isClosed()).isFalse();
  }
}
