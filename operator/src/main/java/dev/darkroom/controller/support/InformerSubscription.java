package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ExceptionHandler;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Indexer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.informers.cache.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An informer as one controller sees it, backed by a shared informer that runs already. Handlers
 * receive events from {@link #start} to {@link #stop}: first an addition for each object in the
 * cache, then the changes. The shared informer goes on after the stop. Thread-safe.
 *
 * @param <R> the kind
 */
final class InformerSubscription<R extends HasMetadata> implements SharedIndexInformer<R> {

  private final SharedIndexInformer<R> shared;
  private final List<ResourceEventHandler<? super R>> handlers = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  InformerSubscription(SharedIndexInformer<R> shared) {
    this.shared = shared;
  }

  @Override
  public CompletionStage<Void> start() {
    handlers.forEach(shared::addEventHandler);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public SharedIndexInformer<R> run() {
    start();
    return this;
  }

  @Override
  public void stop() {
    handlers.forEach(shared::removeEventHandler);
    boolean unused = stopped.complete(null);
  }

  @Override
  public CompletionStage<Void> stopped() {
    return stopped;
  }

  @Override
  public SharedIndexInformer<R> addEventHandler(ResourceEventHandler<? super R> handler) {
    handlers.add(handler);
    return this;
  }

  @Override
  public SharedIndexInformer<R> addEventHandlerWithResyncPeriod(
      ResourceEventHandler<? super R> handler, long resyncPeriod) {
    throw fixed();
  }

  @Override
  public SharedIndexInformer<R> removeEventHandler(ResourceEventHandler<? super R> handler) {
    handlers.remove(handler);
    shared.removeEventHandler(handler);
    return this;
  }

  @Override
  public boolean isRunning() {
    return !stopped.isDone() && shared.isRunning();
  }

  @Override
  public boolean isWatching() {
    return shared.isWatching();
  }

  @Override
  public String lastSyncResourceVersion() {
    return shared.lastSyncResourceVersion();
  }

  @Override
  public Class<R> getApiTypeClass() {
    return shared.getApiTypeClass();
  }

  @Override
  public Indexer<R> getIndexer() {
    return shared.getIndexer();
  }

  @Override
  public Store<R> getStore() {
    return shared.getStore();
  }

  @Override
  public SharedIndexInformer<R> addIndexers(Map<String, Function<R, List<String>>> indexers) {
    throw fixed();
  }

  @Override
  public SharedIndexInformer<R> removeIndexer(String name) {
    throw fixed();
  }

  @Override
  public SharedIndexInformer<R> initialState(Stream<R> items) {
    throw fixed();
  }

  @Override
  public SharedIndexInformer<R> itemStore(ItemStore<R> itemStore) {
    throw fixed();
  }

  @Override
  public SharedIndexInformer<R> exceptionHandler(ExceptionHandler handler) {
    throw fixed();
  }

  @Override
  public String toString() {
    return shared + " (shared)";
  }

  private static UnsupportedOperationException fixed() {
    return new UnsupportedOperationException("The owner of a shared informer configures it.");
  }
}
