package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The cache of all objects of one kind, found by name or by index. One informer fills it; an
 * operator that is confined to namespaces has one informer for each namespace. Objects in the cache
 * must not be changed. Thread-safe.
 *
 * @param <R> the kind
 */
public final class IndexedInformer<R extends HasMetadata> implements AutoCloseable {

  /** Receives the changes of a kind, one at a time. The cache is at least as new as the change. */
  @FunctionalInterface
  public interface Listener<R> {

    /**
     * An object changed.
     *
     * @param before the object before; empty when it is new
     * @param now the object now; empty when it is deleted
     */
    void changed(Optional<R> before, Optional<R> now);
  }

  /** Finds objects by a key. */
  @FunctionalInterface
  public interface Index<R> {

    /** The objects with the key, in no order. */
    List<R> get(String key);
  }

  private static final String EVERYWHERE = "";

  private final Class<R> kind;
  private final Map<String, SharedIndexInformer<R>> byNamespace = new LinkedHashMap<>();
  private final WriteBarrier barrier;

  /**
   * Prepares the informers.
   *
   * @param namespaces where to watch a kind that has namespaces; empty for all namespaces
   */
  IndexedInformer(KubernetesClient client, Class<R> kind, Set<String> namespaces) {
    this.kind = kind;
    this.barrier = new WriteBarrier(kind.getSimpleName());
    MixedOperation<R, ? extends KubernetesResourceList<R>, Resource<R>> all =
        client.resources(kind);
    if (namespaces.isEmpty() || !Namespaced.class.isAssignableFrom(kind)) {
      byNamespace.put(EVERYWHERE, all.inAnyNamespace().runnableInformer(0));
    } else {
      namespaces.forEach(
          namespace -> byNamespace.put(namespace, all.inNamespace(namespace).runnableInformer(0)));
    }
    for (SharedIndexInformer<R> informer : byNamespace.values()) {
      SharedIndexInformer<R> unused = informer.itemStore(new ManagedFieldsStripper<>());
      // A refusal at the start is final: the caller may start again. A later one is retried.
      informer.exceptionHandler((started, thrown) -> started || !isRefusal(thrown));
    }
    whenChanged((before, now) -> barrier.signal());
  }

  /** Adds an index; call it before the start. */
  public Index<R> index(String name, Function<R, List<String>> keys) {
    byNamespace.values().forEach(informer -> informer.addIndexers(Map.of(name, keys)));
    return key -> by(name, key);
  }

  /** Adds an index of the objects that meet a condition; call it before the start. */
  public Index<R> subset(String name, Predicate<R> condition) {
    return index(name, object -> condition.test(object) ? List.of(name) : List.of());
  }

  /** Registers a listener; call it before the start. */
  public void whenChanged(Listener<R> listener) {
    ResourceEventHandler<R> handler =
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(R now) {
            listener.changed(Optional.empty(), Optional.of(now));
          }

          @Override
          public void onUpdate(R before, R now) {
            listener.changed(Optional.of(before), Optional.of(now));
          }

          @Override
          public void onDelete(R before, boolean deletedFinalStateUnknown) {
            listener.changed(Optional.of(before), Optional.empty());
          }
        };
    byNamespace.values().forEach(informer -> informer.addEventHandler(handler));
  }

  /** Starts the informers. The future completes when the cache holds all objects. */
  CompletableFuture<?> start() {
    return CompletableFuture.allOf(
        byNamespace.values().stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Whether every informer has a watch. */
  boolean isHealthy() {
    return byNamespace.values().stream().allMatch(SharedIndexInformer::isWatching);
  }

  /** The number of informers: one, or one a namespace. */
  int informers() {
    return byNamespace.size();
  }

  Class<R> kind() {
    return kind;
  }

  /**
   * The informer of a namespace, or the one of all namespaces where there is only that.
   *
   * @param namespace empty for all namespaces
   * @return empty when the namespace is not watched
   */
  Optional<SharedIndexInformer<R>> informer(Optional<String> namespace) {
    return Optional.ofNullable(
        byNamespace.getOrDefault(EVERYWHERE, byNamespace.get(namespace.orElse(EVERYWHERE))));
  }

  /**
   * The object with a name.
   *
   * @param namespace null for a kind without namespaces
   */
  public Optional<R> get(String namespace, String name) {
    String key = Cache.namespaceKeyFunc(namespace, name);
    return byNamespace.values().stream()
        .map(informer -> informer.getIndexer().getByKey(key))
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** All objects, in no order. */
  public List<R> list() {
    return byNamespace.values().stream()
        .flatMap(informer -> informer.getIndexer().list().stream())
        .toList();
  }

  /**
   * Waits until the cache holds a written object, or a later version of it. Every writer calls this
   * after its write, so that the next look-up is not older.
   *
   * @param written the object as the API server returned it
   * @throws KubernetesClientException when the cache does not get there; the reconcile is to be
   *     retried
   */
  public void awaitWritten(HasMetadata written) {
    informerOf(written)
        .ifPresent(informer -> barrier.await(informer, () -> isReached(informer, written)));
  }

  /**
   * Waits until the cache shows that an object is gone, or about to go.
   *
   * @throws KubernetesClientException when the cache does not get there
   */
  public void awaitDeleted(HasMetadata deleted) {
    informerOf(deleted)
        .ifPresent(informer -> barrier.await(informer, () -> isDeleted(informer, deleted)));
  }

  /** By the object itself, or by a later event of the kind: the object may be gone already. */
  private boolean isReached(SharedIndexInformer<R> informer, HasMetadata written) {
    R cached = informer.getIndexer().getByKey(Cache.metaNamespaceKeyFunc(written));
    return (cached != null
            && WriteBarrier.isAtLeast(cached.getMetadata().getResourceVersion(), written))
        || WriteBarrier.isAtLeast(informer.lastSyncResourceVersion(), written);
  }

  private boolean isDeleted(SharedIndexInformer<R> informer, HasMetadata deleted) {
    return Optional.ofNullable(informer.getIndexer().getByKey(Cache.metaNamespaceKeyFunc(deleted)))
        .filter(now -> now.getMetadata().getDeletionTimestamp() == null)
        .filter(now -> now.getMetadata().getUid().equals(deleted.getMetadata().getUid()))
        .isEmpty();
  }

  /** The informer that watches an object; empty for an object in another namespace. */
  private Optional<SharedIndexInformer<R>> informerOf(HasMetadata object) {
    return informer(Optional.ofNullable(object.getMetadata().getNamespace()));
  }

  @Override
  public void close() {
    byNamespace.values().forEach(SharedIndexInformer::stop);
  }

  private List<R> by(String index, String key) {
    return byNamespace.values().stream()
        .map(SharedIndexInformer::getIndexer)
        .flatMap(
            cache -> {
              // The cache moves an object from key to key under its monitor; without it, a look-up
              // may miss an object that is being updated.
              synchronized (cache) {
                return cache.byIndex(index, key).stream();
              }
            })
        .toList();
  }

  private static boolean isRefusal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException refused
          && refused.getCode() >= 400
          && refused.getCode() < 500) {
        return true;
      }
    }
    return false;
  }
}
