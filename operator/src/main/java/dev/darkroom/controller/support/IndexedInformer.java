package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All objects of one kind, as the API server last told of them, found by name or by index: nobody
 * has to list. What is found must not be changed. Safe for use by many threads.
 *
 * @param <R> the kind
 */
final class IndexedInformer<R extends HasMetadata> implements AutoCloseable {

  /** Is told of a change, one after the other; what is seen here is then at least as new. */
  @FunctionalInterface
  public interface Listener<R> {

    /**
     * An object changed.
     *
     * @param before empty when it is new
     * @param now empty when it is gone
     */
    void changed(Optional<R> before, Optional<R> now);
  }

  /** What is asked of the API server: a kind, or some of it. */
  @FunctionalInterface
  interface Selection<R extends HasMetadata>
      extends UnaryOperator<
          FilterWatchListDeletable<R, ? extends KubernetesResourceList<R>, Resource<R>>> {}

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<SharedIndexInformer<R>> informers = new ArrayList<>();

  /**
   * Prepares to watch.
   *
   * @param namespaces where; empty for everywhere
   * @param which some of them, or all
   * @param indexes by name, what an object is found by
   */
  IndexedInformer(
      KubernetesClient client,
      Class<R> kind,
      Set<String> namespaces,
      Selection<R> which,
      Map<String, Function<R, List<String>>> indexes) {
    MixedOperation<R, ? extends KubernetesResourceList<R>, Resource<R>> all =
        client.resources(kind);
    if (namespaces.isEmpty()) {
      informers.add(which.apply(all.inAnyNamespace()).runnableInformer(0));
    }
    namespaces.forEach(
        namespace -> informers.add(which.apply(all.inNamespace(namespace)).runnableInformer(0)));
    for (SharedIndexInformer<R> informer : informers) {
      SharedIndexInformer<R> unused = informer.itemStore(new ManagedFieldsStripper<>());
      informer.addIndexers(indexes);
      // Whatever the API server answers, it may answer better later.
      informer.exceptionHandler((started, thrown) -> true);
    }
  }

  /** Tells of every change from now on. To be called before the start. */
  void whenChanged(Listener<R> listener) {
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
    informers.forEach(informer -> informer.addEventHandler(handler));
  }

  /** Begins; {@link #awaitFirst} says when everything is there. */
  CompletableFuture<?> start() {
    return CompletableFuture.allOf(
        informers.stream()
            .map(informer -> informer.start().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Waits until everything is there that was there at the start.
   *
   * @throws KubernetesClientException when it does not come
   */
  static void awaitFirst(List<CompletableFuture<?>> started) {
    try {
      CompletableFuture.allOf(started.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException("The API server does not tell what there is.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("Interrupted while the caches fill.", e);
    }
  }

  /** Whether it hears of changes. */
  boolean isHealthy() {
    return informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  /**
   * The object of that name.
   *
   * @param namespace null for a kind without namespaces
   */
  Optional<R> get(String namespace, String name) {
    String key = Cache.namespaceKeyFunc(namespace, name);
    return informers.stream()
        .map(informer -> informer.getIndexer().getByKey(key))
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** The objects that an index has under a key. */
  List<R> by(String index, String key) {
    return informers.stream()
        .flatMap(informer -> informer.getIndexer().byIndex(index, key).stream())
        .toList();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }
}
