package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;

/**
 * Removes {@code metadata.managedFields} from cached objects: they are most of an object's memory,
 * and the operator does not read them. An update without them leaves them as they are on the API
 * server. Each informer needs its own item store.
 *
 * @param <R> the kind
 */
final class ManagedFieldsStripper<R extends HasMetadata> extends BasicItemStore<R> {

  ManagedFieldsStripper() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public R put(String key, R object) {
    object.getMetadata().setManagedFields(List.of());
    return super.put(key, object);
  }
}
