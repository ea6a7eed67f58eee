package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.ManagedFields;
import dev.darkroom.e2e.apiserver.fields.Ownership;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.Creation.Owner;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget.Part;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The verbs update and patch, on an object and on its status. */
public final class Updates {
  /** Metadata that only the server writes. */
  private static final List<String> SERVERS_OWN =
      List.of("generation", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds");

  private final ObjectStore store;
  private final Creation creation;
  private final Commit commit;

  Updates(ObjectStore store, Creation creation, Commit commit) {
    this.store = store;
    this.creation = creation;
    this.commit = commit;
  }

  /**
   * Replaces an object (PUT).
   *
   * @throws ApiException when the request is refused
   */
  public Written update(RequestTarget target, JsonNode body, WriteOptions options) {
    ObjectNode object = Preparation.checkType(target.resource(), body);
    checkName(target, object);
    if (Metadata.resourceVersion(object).isEmpty()
        && !target.resource().has(Trait.UNCONDITIONAL_UPDATE)
        && store.get(target.key()).isPresent()) {
      throw ApiException.invalid(
          target.resource().id().name(),
          target.resource().id().group(),
          target.name(),
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion",
                  IntNode.valueOf(0),
                  "must be specified for an update")));
    }
    return change(
        target,
        before -> {
          checkUid(target, before, object);
          return object;
        },
        options,
        Owner.THE_WRITER);
  }

  /**
   * Changes an object by a patch.
   *
   * @param patch computes the new state from the old one; must not change its argument
   * @throws ApiException when the request is refused
   */
  public Written patch(
      RequestTarget target, UnaryOperator<ObjectNode> patch, WriteOptions options) {
    return change(
        target,
        before -> {
          ObjectNode after = patch.apply(before);
          checkName(target, after);
          return after;
        },
        options,
        Owner.THE_WRITER);
  }

  /**
   * Server-side apply: merges a configuration into the object; creates the object when it does not
   * exist.
   *
   * @throws ApiException when the request is refused
   */
  public Written apply(RequestTarget target, JsonNode body, WriteOptions options) {
    Resource resource = target.resource();
    ObjectNode configuration = Preparation.checkType(resource, body);
    if (!configuration.path("metadata").has("name")) {
      Metadata.of(configuration).put("name", target.name());
    }
    checkName(target, configuration);
    if (options.manager().isEmpty()) {
      throw ApiException.invalid(
          "PatchOptions",
          "meta.k8s.io",
          "",
          List.of(
              new FieldError(
                  FieldError.Type.REQUIRED,
                  "fieldManager",
                  "Required value: is required for apply patch")));
    }
    if (target.part() == Part.STATUS) {
      configuration.properties().removeIf(field -> !isOfStatus(field.getKey()));
      Metadata.of(configuration).retain("name", "namespace", "uid", "resourceVersion");
    } else if (resource.has(Trait.STATUS)) {
      configuration.remove("status");
    }
    List<String> warnings = Preparation.prune(resource, configuration, options);
    Ownership.Applier applier =
        new Ownership.Applier(
            new ManagedFields.Manager(
                options.manager(),
                ManagedFields.Operation.APPLY,
                resource.apiVersion(),
                target.part().subresource()),
            options.conflicts());
    return store.locked(
        () -> {
          if (target.part() == Part.MAIN && store.get(target.key()).isEmpty()) {
            ObjectNode created =
                Ownership.apply(Json.object(), configuration, applier, resource.schema());
            Written written = creation.create(target, created, options, Owner.RECORDED);
            return new Written(written.outcome(), written.body(), warnings);
          }
          Written written =
              change(
                  target,
                  before -> Ownership.apply(before, configuration, applier, resource.schema()),
                  options,
                  Owner.RECORDED);
          return new Written(written.outcome(), written.body(), warnings);
        });
  }

  private static boolean isOfStatus(String field) {
    return List.of("apiVersion", "kind", "metadata", "status").contains(field);
  }

  private Written change(
      RequestTarget target, UnaryOperator<ObjectNode> next, WriteOptions options, Owner owner) {
    return store.locked(
        () -> {
          Resource resource = target.resource();
          ObjectNode before =
              store
                  .get(target.key())
                  .map(resource::fromStorage)
                  .orElseThrow(() -> ApiException.notFound(resource.id(), target.name()));
          ObjectNode asked = next.apply(before);
          checkVersion(target, before, asked);
          ObjectNode after = limitTo(target, before, asked);
          List<String> warnings = Preparation.prune(resource, after, options);
          keepServersMetadata(before, after);
          Preparation.complete(resource, Optional.of(before), after);
          if (owner == Owner.THE_WRITER) {
            Ownership.track(
                Optional.of(before),
                after,
                Ownership.updater(
                    options.manager(), resource.apiVersion(), target.part().subresource()),
                resource.schema());
          }
          if (resource.has(Trait.GENERATION)
              && !desired(before, resource).equals(desired(after, resource))) {
            Metadata.of(after)
                .put("generation", Json.at(before, "metadata", "generation").asInt() + 1);
          }
          return new Written(
              Written.Outcome.UPDATED, finish(target, before, after, options), warnings);
        });
  }

  private ObjectNode finish(
      RequestTarget target, ObjectNode before, ObjectNode after, WriteOptions options) {
    if (Deletion.isOver(after)) {
      return commit.remove(target, after, options.persistence());
    }
    return after.equals(before) ? before : commit.put(target, after, options.persistence());
  }

  /**
   * Limits a write to its part: a write of the status changes only the status, and any other write
   * changes everything but the status.
   */
  private static ObjectNode limitTo(RequestTarget target, ObjectNode before, ObjectNode asked) {
    if (target.part() == Part.STATUS) {
      ObjectNode after = before.deepCopy();
      Json.put(after, "status", asked.path("status"));
      Json.put(Metadata.of(after), "managedFields", Json.at(asked, "metadata", "managedFields"));
      return after;
    }
    ObjectNode after = asked.deepCopy();
    if (target.resource().has(Trait.STATUS)) {
      Json.put(after, "status", before.path("status"));
    }
    return after;
  }

  private static void keepServersMetadata(ObjectNode before, ObjectNode after) {
    JsonNode old = before.path("metadata");
    ObjectNode metadata = Metadata.of(after);
    SERVERS_OWN.forEach(field -> Json.put(metadata, field, old.path(field)));
    Json.put(metadata, "resourceVersion", old.path("resourceVersion"));
    for (String field : List.of("uid", "creationTimestamp", "namespace")) {
      if (!metadata.path(field).isTextual()) {
        Json.put(metadata, field, old.path(field));
      }
    }
    // An absent field means no change; one empty entry is a request to remove all managers.
    if (metadata.path("managedFields").isEmpty()) {
      Json.put(metadata, "managedFields", old.path("managedFields"));
    }
  }

  private static void checkVersion(RequestTarget target, ObjectNode before, ObjectNode asked) {
    String version = Metadata.resourceVersion(asked);
    if (!version.isEmpty() && !version.equals(Metadata.resourceVersion(before))) {
      throw ApiException.conflict(
          target.resource().id(),
          target.name(),
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  private static void checkUid(RequestTarget target, ObjectNode before, ObjectNode asked) {
    String uid = Metadata.uid(asked);
    if (!uid.isEmpty() && !uid.equals(Metadata.uid(before))) {
      throw ApiException.conflict(
          target.resource().id(),
          target.name(),
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + Metadata.uid(before));
    }
  }

  private static void checkName(RequestTarget target, ObjectNode object) {
    String name = Metadata.name(object);
    if (!name.equals(target.name())) {
      throw ApiException.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + target.name()
              + ")");
    }
    String namespace = Metadata.namespace(object);
    if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
      throw ApiException.badRequest(
          "the namespace of the object ("
              + namespace
              + ") does not match the namespace on the URL ("
              + target.namespace()
              + ")");
    }
  }

  /** The fields of an object whose changes increase the generation. */
  private static ObjectNode desired(ObjectNode object, Resource resource) {
    ObjectNode desired = object.deepCopy();
    desired.remove("metadata");
    if (resource.has(Trait.STATUS)) {
      desired.remove("status");
    }
    return desired;
  }
}
