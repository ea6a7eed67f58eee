package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.BuiltinResources;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.storage.Change;
import dev.darkroom.e2e.apiserver.storage.Key;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget.Part;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions.Persistence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The needed parts of kube-controller-manager and the API extensions server: deletes dependents of
 * deleted owners, empties terminating namespaces, and removes the objects of deleted CRDs. One
 * thread processes one change at a time.
 */
public final class Controllers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);

  private final ObjectStore store;
  private final Resources resources;
  private final Commit commit;
  private final Deletion deletion;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread worker = new Thread(task, "apiserver-controllers");
            worker.setDaemon(true);
            return worker;
          });

  /** The existing objects by UID. Guarded by the store's lock. */
  private final Map<String, Key> existing = new HashMap<>();

  /** The dependents by the UID of their owner. Guarded by the store's lock. */
  private final Map<String, Set<Key>> dependents = new HashMap<>();

  /** Starts to watch an empty store. */
  public Controllers(ObjectStore store, Resources resources, Verbs verbs) {
    this.store = store;
    this.resources = resources;
    this.commit = new Commit(store, resources);
    this.deletion = verbs.deletion();
    store.listen(this::changed);
  }

  /** Stops; drops pending work. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void changed(Change change) {
    change.before().ifPresent(before -> index(change.key(), before, Set::remove));
    if (change.type() == Change.Type.DELETED) {
      existing.remove(Metadata.uid(change.object()));
    } else {
      existing.put(Metadata.uid(change.object()), change.key());
      index(change.key(), change.object(), Set::add);
    }
    if (concernsUs(change)) {
      try {
        thread.execute(() -> quietly(change));
      } catch (RejectedExecutionException e) {
        LOG.debug("Closing: skipped the follow-up of {} of {}", change.type(), change.key());
      }
    }
  }

  private interface Indexing {
    boolean apply(Set<Key> keys, Key key);
  }

  private void index(Key key, ObjectNode object, Indexing change) {
    for (JsonNode owner : owners(object)) {
      String uid = owner.path("uid").asText();
      Set<Key> keys = dependents.computeIfAbsent(uid, unused -> new HashSet<>());
      change.apply(keys, key);
      if (keys.isEmpty()) {
        dependents.remove(uid);
      }
    }
  }

  private static boolean concernsUs(Change change) {
    return change.type() == Change.Type.DELETED
        || Metadata.isDeleting(change.object())
        || !owners(change.object()).isEmpty();
  }

  private void quietly(Change change) {
    try {
      followUp(change);
    } catch (ApiException e) {
      LOG.debug("Conflict with another write of {}: {}", change.key(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("The follow-up of {} of {} failed", change.type(), change.key(), e);
    }
  }

  private void followUp(Change change) {
    Key key = change.key();
    if (change.type() == Change.Type.DELETED) {
      for (Key dependent : dependentsOf(Metadata.uid(change.object()))) {
        collectUnlessOwned(dependent);
      }
    } else if (Metadata.isDeleting(change.object())) {
      finish(key, change.object());
    } else {
      collectUnlessOwned(key);
    }
    for (JsonNode owner : owners(change.object())) {
      ownerOf(owner).ifPresent(this::finishIfDeleting);
    }
    finishIfDeleting(new Key(BuiltinResources.NAMESPACES, "", key.namespace()));
    finishIfDeleting(new Key(BuiltinResources.DEFINITIONS, "", key.place().toString()));
  }

  private void finishIfDeleting(Key key) {
    store.get(key).filter(Metadata::isDeleting).ifPresent(object -> finish(key, object));
  }

  /** Completes a deletion, as far as this is the server's task. */
  private void finish(Key key, ObjectNode object) {
    if (key.place().equals(BuiltinResources.NAMESPACES)) {
      emptyNamespace(key);
    } else if (Metadata.finalizers(object).contains(Deletion.DEFINITION_CLEANUP)) {
      emptyDefinition(key, object);
    }
    if (Metadata.finalizers(object).contains(Deletion.ORPHAN)) {
      dependentsOf(Metadata.uid(object)).forEach(each -> disown(each, Metadata.uid(object)));
      removeFinalizer(key, Deletion.ORPHAN);
    } else if (Metadata.finalizers(object).contains(Deletion.FOREGROUND)) {
      List<Key> owned = dependentsOf(Metadata.uid(object));
      owned.forEach(this::delete);
      if (dependentsOf(Metadata.uid(object)).stream()
          .noneMatch(each -> blocks(each, Metadata.uid(object)))) {
        removeFinalizer(key, Deletion.FOREGROUND);
      }
    }
  }

  private void emptyNamespace(Key namespace) {
    store.inNamespace(namespace.name()).forEach(this::delete);
    store.locked(
        () -> {
          if (store.inNamespace(namespace.name()).isEmpty()) {
            rewrite(namespace, object -> Json.child(object, "spec").remove("finalizers"));
          }
          return namespace;
        });
  }

  private void emptyDefinition(Key key, ObjectNode definition) {
    GroupResource place =
        new GroupResource(
            Json.at(definition, "spec", "group").asText(),
            Json.at(definition, "spec", "names", "plural").asText());
    List<ObjectNode> instances = store.list(place, Optional.empty()).objects();
    instances.forEach(instance -> delete(Key.of(place, instance)));
    if (store.list(place, Optional.empty()).objects().isEmpty()) {
      removeFinalizer(key, Deletion.DEFINITION_CLEANUP);
    }
  }

  private void collectUnlessOwned(Key key) {
    boolean abandoned =
        store.locked(
            () ->
                store
                    .get(key)
                    .filter(object -> !owners(object).isEmpty())
                    .filter(object -> owners(object).stream().allMatch(this::isGone))
                    .isPresent());
    if (abandoned) {
      delete(key);
    }
  }

  private boolean isGone(JsonNode owner) {
    return ownerOf(owner).isEmpty();
  }

  private Optional<Key> ownerOf(JsonNode owner) {
    return store.locked(() -> Optional.ofNullable(existing.get(owner.path("uid").asText())));
  }

  private List<Key> dependentsOf(String uid) {
    return store.locked(() -> List.copyOf(dependents.getOrDefault(uid, Set.of())));
  }

  private boolean blocks(Key dependent, String uid) {
    return store
        .get(dependent)
        .filter(
            object ->
                owners(object).stream()
                    .anyMatch(
                        owner ->
                            owner.path("uid").asText().equals(uid)
                                && owner.path("blockOwnerDeletion").asBoolean()))
        .isPresent();
  }

  private void disown(Key key, String uid) {
    rewrite(
        key,
        object -> {
          List<JsonNode> left =
              owners(object).stream()
                  .filter(owner -> !owner.path("uid").asText().equals(uid))
                  .toList();
          Metadata.setList(object, "ownerReferences", left);
        });
  }

  private void removeFinalizer(Key key, String finalizer) {
    rewrite(
        key,
        object -> {
          List<String> left = new ArrayList<>(Metadata.finalizers(object));
          left.remove(finalizer);
          Metadata.setFinalizers(object, left);
        });
  }

  private void delete(Key key) {
    if (store.get(key).filter(object -> !Metadata.isDeleting(object)).isPresent()) {
      target(key).ifPresent(target -> deletion.delete(target, Deletion.Options.PLAIN));
    }
  }

  private void rewrite(Key key, java.util.function.Consumer<ObjectNode> edit) {
    store.locked(
        () -> {
          Optional<RequestTarget> target = target(key);
          Optional<ObjectNode> before = store.get(key);
          if (target.isPresent() && before.isPresent()) {
            ObjectNode after = before.get().deepCopy();
            edit.accept(after);
            if (Deletion.isOver(after)) {
              commit.remove(target.get(), after, Persistence.STORE);
            } else if (!after.equals(before.get())) {
              commit.put(target.get(), after, Persistence.STORE);
            }
          }
          return key;
        });
  }

  /** The target in the stored version, without conversion. */
  private Optional<RequestTarget> target(Key key) {
    return resources.all().stream()
        .filter(resource -> resource.id().equals(key.place()))
        .filter(resource -> resource.storage().apiVersion().equals(resource.apiVersion()))
        .findFirst()
        .or(() -> resources.find(key.place()))
        .map(
            (Resource resource) ->
                new RequestTarget(resource, key.namespace(), key.name(), Part.MAIN));
  }

  private static List<JsonNode> owners(ObjectNode object) {
    return Json.elements(Json.at(object, "metadata", "ownerReferences")).toList();
  }
}
