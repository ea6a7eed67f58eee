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
 * The ImageStores with their open stores and the result of the last probe. Written by the
 * reconciler of ImageStores, read by the others. Thread-safe.
 */
public final class StoreRegistry implements AutoCloseable {

  /**
   * One store.
   *
   * @param definition the ImageStore, as last reconciled
   * @param store the open store; empty until it was opened
   * @param trouble why the store can't be used now. A store with neither is being opened.
   */
  public record Entry(ImageStore definition, Optional<BlobStore> store, Optional<Failure> trouble) {

    /** The name of the ImageStore. */
    public String name() {
      return definition.getMetadata().getName();
    }

    /** Whether the ImageStore is being deleted. */
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
  private final StoreReferences references = new StoreReferences();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Sets the figures of a store. */
  void setFigures(StoreFigures counted) {
    figures.put(counted.name(), counted);
  }

  /** The figures of all stores. */
  public Collection<StoreFigures> figures() {
    return List.copyOf(figures.values());
  }

  /** Registers a listener that runs when a store is added, changed or removed. */
  public void whenChanged(Runnable listener) {
    listeners.add(listener);
  }

  /** Adds a store that is not open yet; does nothing when there is an entry already. */
  public void announce(ImageStore definition) {
    Entry entry = new Entry(definition, Optional.empty(), Optional.empty());
    entries.putIfAbsent(entry.name(), entry);
  }

  /** Sets an entry. The open store that it replaces is closed as soon as it is not in use. */
  public void put(Entry entry) {
    Quantity capacity = entry.definition().getSpec().capacity();
    room(entry.name())
        .limit(capacity == null ? OptionalLong.empty() : OptionalLong.of(Sizes.of(capacity)));
    Entry before = entries.put(entry.name(), entry);
    if (before != null && before.store().isPresent() && !before.store().equals(entry.store())) {
      references.close(before.store().get());
    }
    if (before == null
        || !before.definition().getSpec().equals(entry.definition().getSpec())
        || before.isGoing() != entry.isGoing()
        || !before.store().equals(entry.store())
        || !before.trouble().equals(entry.trouble())) {
      changed();
    }
  }

  /** Updates the definition of an entry, for example with its deletion timestamp. */
  void redefine(ImageStore definition) {
    Optional.ofNullable(entries.get(definition.getMetadata().getName()))
        .ifPresent(entry -> put(new Entry(definition, entry.store(), entry.trouble())));
  }

  /** The capacity of a store; it exists before the entry of the store. */
  public StoreCapacity room(String name) {
    return rooms.computeIfAbsent(name, n -> new StoreCapacity());
  }

  /** The entry of a store. */
  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** All entries, the oldest ImageStore first. */
  List<Entry> all() {
    return entries.values().stream().sorted(OLDEST).toList();
  }

  /** The store for images that name no store: the oldest that is marked default. */
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
   * Keeps open stores open until the holder rereferences them.
   *
   * @return false when one of them is closed already: find the store again
   */
  public boolean hold(String holder, Collection<BlobStore> stores) {
    return references.hold(holder, stores);
  }

  /** Whether the store is in use: by a transfer, a deletion, a scrub or a probe. */
  boolean isHeld(String name) {
    return find(name).flatMap(Entry::store).filter(references::isInUse).isPresent();
  }

  /** Rereferences all stores of a holder. */
  public void release(String holder) {
    references.release(holder);
  }

  /** Removes a store; it is closed as soon as it is not in use. */
  public void remove(String name) {
    Entry removed = entries.remove(name);
    rooms.remove(name);
    figures.remove(name);
    if (removed != null) {
      removed.store().ifPresent(references::close);
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
