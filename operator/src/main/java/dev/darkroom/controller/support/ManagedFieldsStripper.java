package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;

/**
 * What a cache keeps of its objects: all but who has written which field, which is most of the
 * memory that they take, and nothing that anybody here asks for. An update that says nothing of it
 * leaves it as it is on the API server. One store is for one informer.
 *
 * @param <R> the kind
 */
public final class ManagedFieldsStripper<R extends HasMetadata> extends BasicItemStore<R> {

  ManagedFieldsStripper() {
    super(Cache::metaNamespaceKeyFunc);
  }

  /**
   * One for an informer of a reconciler's; empty where the operator looks after some namespaces
   * only, for then there is an informer for each, and they would share it.
   */
  public static <R extends HasMetadata> Optional<ManagedFieldsStripper<R>> with(
      OperatorSettings settings) {
    return settings.namespaces().isEmpty()
        ? Optional.of(new ManagedFieldsStripper<>())
        : Optional.empty();
  }

  @Override
  public R put(String key, R object) {
    object.getMetadata().setManagedFields(List.of());
    return super.put(key, object);
  }
}
