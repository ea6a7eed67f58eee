package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.resource.BuiltinResources;
import dev.darkroom.e2e.apiserver.resource.CustomResources;
import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.storage.Key;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions.Persistence;
import java.util.List;

/** The last step of a write: updates the store and, for a CRD, the served resources. */
final class Commit {
  private final ObjectStore store;
  private final Resources resources;

  Commit(ObjectStore store, Resources resources) {
    this.store = store;
    this.resources = resources;
  }

  ObjectNode put(RequestTarget target, ObjectNode object, Persistence persistence) {
    if (persistence == Persistence.DRY_RUN) {
      return object;
    }
    ObjectNode stored = store.put(target.key(), target.resource().toStorage(object));
    if (isDefinition(target.key())) {
      resources.replace(served(stored), CustomResources.read(stored).resources());
    }
    return target.resource().fromStorage(stored);
  }

  ObjectNode remove(RequestTarget target, ObjectNode last, Persistence persistence) {
    if (persistence == Persistence.DRY_RUN) {
      return last;
    }
    ObjectNode gone = store.remove(target.key(), target.resource().toStorage(last));
    if (isDefinition(target.key())) {
      resources.replace(served(gone), List.of());
    }
    return target.resource().fromStorage(gone);
  }

  private static boolean isDefinition(Key key) {
    return key.place().equals(BuiltinResources.DEFINITIONS);
  }

  private static GroupResource served(ObjectNode definition) {
    return new GroupResource(
        Json.at(definition, "spec", "group").asText(),
        Json.at(definition, "spec", "names", "plural").asText());
  }
}
