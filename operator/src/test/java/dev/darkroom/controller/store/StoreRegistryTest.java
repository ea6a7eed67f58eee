package dev.darkroom.controller.store;

import static dev.darkroom.controller.Fixtures.CREATED;
import static dev.darkroom.controller.Fixtures.createdAt;
import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.markedDefault;
import static dev.darkroom.controller.Fixtures.open;
import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.GatedStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRegistryTest {

  private static final Failure AWAY = Failure.of(Reason.STORE_UNAVAILABLE, "It is away.");

  @TempDir private Path directory;
  private final StoreRegistry stores = new StoreRegistry();
  private final AtomicInteger changes = new AtomicInteger();

  @Test
  void theDefaultIsTheOldestStoreThatIsMarked() {
    stores.announce(createdAt(CREATED.minusSeconds(60), store("older-unmarked", directory)));
    stores.announce(createdAt(CREATED.plusSeconds(60), markedDefault(store("a-late", directory))));
    stores.announce(createdAt(CREATED, markedDefault(store("the-one", directory))));

    assertThat(stores.defaultStore()).map(StoreRegistry.Entry::name).contains("the-one");
    assertThat(stores.marked())
        .extracting(StoreRegistry.Entry::name)
        .containsExactly("the-one", "a-late");
  }

  @Test
  void ofStoresOfTheSameAgeTheNameDecides() {
    stores.announce(markedDefault(store("b", directory)));
    stores.announce(markedDefault(store("a", directory)));

    assertThat(stores.defaultStore()).map(StoreRegistry.Entry::name).contains("a");
  }

  @Test
  void aStoreThatGoesIsNobodysDefault() {
    stores.announce(deletedAt(CREATED, markedDefault(store("going", directory))));

    assertThat(stores.defaultStore()).isEmpty();
    stores.announce(markedDefault(store("staying", directory)));
    assertThat(stores.defaultStore()).map(StoreRegistry.Entry::name).contains("staying");
  }

  @Test
  void anAnnouncementTakesNothingBack() throws StoreException {
    stores.announce(store("fast", directory));
    assertThat(stores.find("fast").orElseThrow().store()).isEmpty();
    assertThat(stores.find("fast").orElseThrow().trouble()).isEmpty();

    StoreRegistry.Entry open = open("fast", directory);
    stores.put(open);
    stores.announce(store("fast", directory));

    assertThat(stores.find("fast")).contains(open);
  }

  @Test
  void theListenerHearsOfAStoreThatOpensFailsAndRecovers() throws StoreException {
    ImageStore definition = store("fast", directory);
    StoreRegistry.Entry open = open(definition);
    stores.announce(definition);
    stores.whenChanged(changes::incrementAndGet);

    stores.put(open);
    assertThat(changes).as("opened").hasValue(1);
    stores.put(new StoreRegistry.Entry(definition, open.store(), Optional.of(AWAY)));
    assertThat(changes).as("in trouble").hasValue(2);
    stores.put(open);
    assertThat(changes).as("recovered").hasValue(3);
    stores.put(new StoreRegistry.Entry(definition, open.store(), Optional.empty()));
    assertThat(changes).as("as before").hasValue(3);
  }

  @Test
  void theListenerHearsThatAStoreBecameTheDefault() throws StoreException {
    StoreRegistry.Entry open = open("fast", directory);
    stores.put(open);
    stores.whenChanged(changes::incrementAndGet);

    stores.put(
        new StoreRegistry.Entry(
            markedDefault(store("fast", directory)), open.store(), Optional.empty()));

    assertThat(changes).hasValue(1);
  }

  @Test
  void theListenerHearsOfAStoreItNeverHeardOf() throws StoreException {
    stores.whenChanged(changes::incrementAndGet);

    stores.put(open("fast", directory));

    assertThat(changes).hasValue(1);
  }

  @Test
  void aStoreThatIsRemovedIsClosed() throws StoreException {
    GatedStore fast = new GatedStore(FilesystemStore.open(directory));
    GatedStore cold = new GatedStore(FilesystemStore.open(directory));
    stores.put(
        new StoreRegistry.Entry(store("fast", directory), Optional.of(fast), Optional.empty()));
    stores.put(
        new StoreRegistry.Entry(store("cold", directory), Optional.of(cold), Optional.empty()));

    stores.remove("fast");
    stores.remove("never heard of");

    assertThat(fast.isClosed()).isTrue();
    assertThat(cold.isClosed()).isFalse();
    assertThat(stores.find("fast")).isEmpty();

    stores.close();
    assertThat(cold.isClosed()).isTrue();
    assertThat(stores.find("cold")).isEmpty();
  }
}
