package dev.darkroom.controller.store;

import dev.darkroom.store.BlobStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Who uses which open store: one that nobody shall use any more is closed when the last one who
 * does has let go of it. Safe for use by many threads.
 */
final class StoreReferences {

  private final Map<String, Set<BlobStore>> byHolder = new HashMap<>();
  private final Set<BlobStore> retired = identities();
  private final Set<BlobStore> closed = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * Keeps stores open until they are released. What the holder has already, it keeps too.
   *
   * @return false when one of them is closed already, or is about to be; then nothing is held
   */
  synchronized boolean hold(String holder, Collection<BlobStore> stores) {
    if (stores.stream().anyMatch(store -> retired.contains(store) || closed.contains(store))) {
      return false;
    }
    byHolder.computeIfAbsent(holder, h -> identities()).addAll(stores);
    return true;
  }

  /** Lets go of all that the holder has. */
  void release(String holder) {
    List<BlobStore> free = new ArrayList<>();
    synchronized (this) {
      Set<BlobStore> released = byHolder.remove(holder);
      if (released != null) {
        released.stream().filter(retired::contains).filter(s -> !isHeld(s)).forEach(free::add);
        retire(free);
      }
    }
    free.forEach(BlobStore::close);
  }

  /** Whether somebody has it. */
  synchronized boolean isInUse(BlobStore store) {
    return isHeld(store);
  }

  /** Closes the store: now, or when the last one has let go of it. */
  void close(BlobStore store) {
    synchronized (this) {
      if (closed.contains(store)) {
        return;
      }
      if (isHeld(store)) {
        retired.add(store);
        return;
      }
      retire(List.of(store));
    }
    store.close();
  }

  private void retire(List<BlobStore> stores) {
    stores.forEach(retired::remove);
    closed.addAll(stores);
  }

  private boolean isHeld(BlobStore store) {
    return byHolder.values().stream().anyMatch(stores -> stores.contains(store));
  }

  private static Set<BlobStore> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
