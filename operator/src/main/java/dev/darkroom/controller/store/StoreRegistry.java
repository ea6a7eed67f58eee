package dev.darkroom.controller.store;

import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Failure;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ImageStores this process knows, with what their last probe said. Filled by the reconciler of
 * ImageStores, read by the others. Safe for use by many threads.
 */
public final class StoreRegistry implements AutoCloseable {

  /**
   * One store.
   *
   * @param definition the ImageStore, as last reconciled
   * @param store the open store, once it could be opened
   * @param trouble why it can't be used now; a store without either was not opened yet
   */
  public record Entry(ImageStore definition, Optional<BlobStore> store, Optional<Failure> trouble) {

    public String name() {
      return definition.getMetadata().getName();
    }

    boolean isGoing() {
      return definition.getMetadata().getDeletionTimestamp() != null;
    }
  }

  private static final Comparator<Entry> OLDEST =
      Comparator.comparing(
              (Entry entry) ->
                  Objects.requireNonNullElse(
                      entry.definition().getMetadata().getCreationTimestamp(), ""))
          .thenComparing(Entry::name);

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, StoreFigures> figures = new ConcurrentHashMap<>();
  private final Map<String, StoreCapacity> rooms = new ConcurrentHashMap<>();
  private final StoreReferences leases = new StoreReferences();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Keeps what was counted of a store. */
  void tell(StoreFigures counted) {
    figures.put(counted.name(), counted);
  }

  /** What was counted of the stores that there are. */
  public Collection<StoreFigures> figures() {
    return List.copyOf(figures.values());
  }

  /** Has somebody told whenever what is known of a store has changed. */
  public void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /** Knows of a store that was not opened yet; does nothing when more is known. */
  public void announce(ImageStore definition) {
    Entry entry = new Entry(definition, Optional.empty(), Optional.empty());
    entries.putIfAbsent(entry.name(), entry);
  }

  /** Knows this from now on. A store that was open in its place is closed when nobody uses it. */
  public void put(Entry entry) {
    Quantity capacity = entry.definition().getSpec().capacity();
    room(entry.name())
        .limit(capacity == null ? OptionalLong.empty() : OptionalLong.of(Sizes.of(capacity)));
    Entry before = entries.put(entry.name(), entry);
    if (before != null && before.store().isPresent() && !before.store().equals(entry.store())) {
      leases.close(before.store().get());
    }
    if (before == null
        || !before.definition().getSpec().equals(entry.definition().getSpec())
        || before.isGoing() != entry.isGoing()
        || !before.store().equals(entry.store())
        || !before.trouble().equals(entry.trouble())) {
      changed();
    }
  }

  /** Takes over what its ImageStore says now, also that it is to be deleted. */
  void redefine(ImageStore definition) {
    Optional.ofNullable(entries.get(definition.getMetadata().getName()))
        .ifPresent(entry -> put(new Entry(definition, entry.store(), entry.trouble())));
  }

  /** How much of the store is taken, and may be; known before the store is. */
  public StoreCapacity room(String name) {
    return rooms.computeIfAbsent(name, n -> new StoreCapacity());
  }

  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** All of them, the oldest first. */
  List<Entry> all() {
    return entries.values().stream().sorted(OLDEST).toList();
  }

  /** The store for images that name none: the oldest of those that are marked. */
  Optional<Entry> defaultStore() {
    return marked().stream().findFirst();
  }

  /** All stores marked default, the oldest first. */
  List<Entry> marked() {
    return all().stream()
        .filter(entry -> !entry.isGoing())
        .filter(entry -> entry.definition().getSpec().isDefault())
        .toList();
  }

  /**
   * Keeps open stores open until the holder releases them.
   *
   * @return false when one of them is closed already: then look for it again
   */
  public boolean hold(String holder, Collection<BlobStore> stores) {
    return leases.hold(holder, stores);
  }

  /**
   * Whether somebody keeps the store open now: bytes are written, read or removed, or it is probed.
   */
  boolean isHeld(String name) {
    return find(name).flatMap(Entry::store).filter(leases::isInUse).isPresent();
  }

  /** Lets go of all stores that the holder has. */
  public void release(String holder) {
    leases.release(holder);
  }

  public void remove(String name) {
    Entry removed = entries.remove(name);
    rooms.remove(name);
    figures.remove(name);
    if (removed != null) {
      removed.store().ifPresent(leases::close);
      changed();
    }
  }

  @Override
  public void close() {
    entries.values().stream().map(Entry::store).flatMap(Optional::stream).forEach(BlobStore::close);
    entries.clear();
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }
}
