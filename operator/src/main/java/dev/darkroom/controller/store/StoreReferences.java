package dev.darkroom.controller.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * References to open stores by holder: a retired store is closed when its last holder has released
 * it. Thread-safe; closes stores outside of its lock.
 */
final class StoreReferences {

  @GuardedBy("this")
  private final Map<String, Set<BlobStore>> byHolder = new HashMap<>();

  @GuardedBy("this")
  private final Set<BlobStore> retired = identities();

  @GuardedBy("this")
  private final Set<BlobStore> closed = Collections.newSetFromMap(new WeakHashMap<>());

  /**
   * Holds stores open until they are released, in addition to the stores that the holder has.
   *
   * @return false when one of the stores is closed or retired; then none of them is held
   */
  synchronized boolean hold(String holder, Collection<BlobStore> stores) {
    for (BlobStore store : stores) {
      if (retired.contains(store) || closed.contains(store)) {
        return false;
      }
    }
    byHolder.computeIfAbsent(holder, h -> identities()).addAll(stores);
    return true;
  }

  /** Releases all stores of the holder. */
  void release(String holder) {
    List<BlobStore> free = new ArrayList<>();
    synchronized (this) {
      Set<BlobStore> released = byHolder.remove(holder);
      for (BlobStore store : released == null ? Set.<BlobStore>of() : released) {
        if (retired.contains(store) && !isHeld(store)) {
          free.add(store);
        }
      }
      retire(free);
    }
    free.forEach(BlobStore::close);
  }

  /** Whether a holder holds the store. */
  synchronized boolean isInUse(BlobStore store) {
    return isHeld(store);
  }

  /** Closes the store: now, or when its last holder has released it. */
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

  @GuardedBy("this")
  private void retire(List<BlobStore> stores) {
    stores.forEach(retired::remove);
    closed.addAll(stores);
  }

  @GuardedBy("this")
  private boolean isHeld(BlobStore store) {
    return byHolder.values().stream().anyMatch(stores -> stores.contains(store));
  }

  private static Set<BlobStore> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
