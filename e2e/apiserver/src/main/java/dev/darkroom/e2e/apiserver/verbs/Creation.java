package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.fields.Ownership;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.BuiltinResources;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.storage.Key;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The verb create. */
public final class Creation {
  private static final String SUFFIX = "bcdfghjklmnpqrstvwxz2456789";

  private final ObjectStore store;
  private final Commit commit;

  Creation(ObjectStore store, Commit commit) {
    this.store = store;
    this.commit = commit;
  }

  /**
   * Creates an object, or answers a review.
   *
   * @param target the place of the object; the name in it is ignored
   * @throws ApiException when the request is refused
   */
  public Written create(RequestTarget target, JsonNode body, WriteOptions options) {
    Resource resource = target.resource();
    ObjectNode object = Preparation.checkType(resource, body);
    if (resource.has(Trait.REVIEW)) {
      return new Written(Written.Outcome.CREATED, Reviews.answer(object), List.of());
    }
    if (!Metadata.resourceVersion(object).isEmpty()) {
      throw ApiException.resourceVersionOnCreate();
    }
    Metadata.of(object).remove("managedFields");
    return store.locked(() -> create(target, object, options, Owner.THE_WRITER));
  }

  /** Whether the fields of a new object are already in its managed fields. */
  enum Owner {
    /** An apply has recorded the owners already. */
    RECORDED,
    /** The manager of the request owns the fields. */
    THE_WRITER
  }

  Written create(RequestTarget place, ObjectNode object, WriteOptions options, Owner owner) {
    Resource resource = place.resource();
    checkNamespace(place, object);
    List<String> warnings = Preparation.prune(resource, object, options);
    ObjectNode metadata = Metadata.of(object);
    for (String field :
        List.of(
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "resourceVersion",
            "generation")) {
      metadata.remove(field);
    }
    if (Metadata.name(object).isEmpty() && metadata.path("generateName").isTextual()) {
      metadata.put("name", metadata.path("generateName").asText() + suffix());
    }
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Metadata.now());
    if (resource.has(Trait.GENERATION)) {
      metadata.put("generation", 1);
    }
    if (resource.has(Trait.STATUS)) {
      object.remove("status");
    }
    Preparation.complete(resource, Optional.empty(), object);
    RequestTarget target = place.named(Metadata.name(object));
    if (store.get(target.key()).isPresent()) {
      throw ApiException.alreadyExists(resource.id(), target.name());
    }
    if (owner == Owner.THE_WRITER) {
      Ownership.track(
          Optional.empty(),
          object,
          Ownership.updater(options.manager(), resource.apiVersion(), ""),
          resource.schema());
    }
    ObjectNode stored = commit.put(target, object, options.persistence());
    return new Written(Written.Outcome.CREATED, stored, warnings);
  }

  private void checkNamespace(RequestTarget place, ObjectNode object) {
    if (!place.resource().isNamespaced()) {
      Metadata.of(object).remove("namespace");
      return;
    }
    String stated = Metadata.namespace(object);
    if (!stated.isEmpty() && !stated.equals(place.namespace())) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    Metadata.of(object).put("namespace", place.namespace());
    GroupResource namespaces = BuiltinResources.NAMESPACES;
    ObjectNode namespace =
        store
            .get(new Key(namespaces, "", place.namespace()))
            .orElseThrow(() -> ApiException.notFound(namespaces, place.namespace()));
    if (Metadata.isDeleting(namespace)) {
      throw ApiException.forbidden(
          place.resource().id(),
          Json.text(object, "metadata", "name").orElse(""),
          "unable to create new content in namespace "
              + place.namespace()
              + " because it is being terminated");
    }
  }

  private static String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(SUFFIX.charAt(ThreadLocalRandom.current().nextInt(SUFFIX.length())));
    }
    return suffix.toString();
  }
}
