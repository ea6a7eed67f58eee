package dev.darkroom.controller;

import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpec;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.filesystem.FilesystemStore;
import dev.darkroom.transfer.Failure;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ImageStores this process knows, with what their last probe said. Filled by the reconciler of
 * ImageStores, read by the others. Safe for use by many threads.
 */
final class OpenStores implements AutoCloseable {

  /**
   * One store.
   *
   * @param definition the ImageStore, as last reconciled
   * @param store the open store, once it could be opened
   * @param trouble why it can't be used now; a store without either was not opened yet
   */
  record Entry(ImageStore definition, Optional<BlobStore> store, Optional<Failure> trouble) {

    String name() {
      return definition.getMetadata().getName();
    }
  }

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private volatile Runnable listener = () -> {};

  /** Opens what a spec describes. Blocks on I/O. */
  static BlobStore open(ImageStoreSpec spec) throws StoreException {
    return FilesystemStore.open(Path.of(spec.filesystem().path()));
  }

  /** Has somebody told whenever what is known of a store has changed. */
  void whenChanged(Runnable listener) {
    this.listener = listener;
  }

  /** Knows of a store that was not opened yet; does nothing when more is known. */
  void announce(ImageStore definition) {
    Entry entry = new Entry(definition, Optional.empty(), Optional.empty());
    entries.putIfAbsent(entry.name(), entry);
  }

  void put(Entry entry) {
    Entry before = entries.put(entry.name(), entry);
    if (before == null
        || !before.definition().getSpec().equals(entry.definition().getSpec())
        || !before.store().equals(entry.store())
        || !before.trouble().equals(entry.trouble())) {
      listener.run();
    }
  }

  /** Takes over what its ImageStore says now, also that it is to be deleted. */
  void redefine(ImageStore definition) {
    Optional.ofNullable(entries.get(definition.getMetadata().getName()))
        .ifPresent(entry -> put(new Entry(definition, entry.store(), entry.trouble())));
  }

  Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The store for images that name none: the oldest of those that are marked. */
  Optional<Entry> defaultStore() {
    return marked().stream().findFirst();
  }

  /** All stores marked default, the oldest first. */
  List<Entry> marked() {
    return entries.values().stream()
        .filter(entry -> entry.definition().getMetadata().getDeletionTimestamp() == null)
        .filter(entry -> entry.definition().getSpec().isDefault())
        .sorted(
            Comparator.comparing(
                    (Entry entry) ->
                        Objects.requireNonNullElse(
                            entry.definition().getMetadata().getCreationTimestamp(), ""))
                .thenComparing(Entry::name))
        .toList();
  }

  void remove(String name) {
    Entry removed = entries.remove(name);
    if (removed != null) {
      removed.store().ifPresent(BlobStore::close);
    }
  }

  @Override
  public void close() {
    List.copyOf(entries.keySet()).forEach(this::remove);
  }
}
