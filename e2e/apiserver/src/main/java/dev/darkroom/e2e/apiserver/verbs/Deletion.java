package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.BuiltinResources;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.WriteOptions.Persistence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The verb delete: removes an object at once, or marks it for deletion until its finalizers are
 * removed.
 */
public final class Deletion {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";
  static final String DEFINITION_CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  private final ObjectStore store;
  private final Commit commit;

  Deletion(ObjectStore store, Commit commit) {
    this.store = store;
    this.commit = commit;
  }

  /**
   * The options of a deletion.
   *
   * @param persistence whether to delete or only to check
   * @param propagation handling of dependents
   * @param uid required UID of the object; empty: any UID
   * @param resourceVersion required resource version of the object; empty: any version
   */
  public record Options(
      Persistence persistence, Propagation propagation, String uid, String resourceVersion) {

    /** Background propagation, without preconditions. */
    public static final Options PLAIN =
        new Options(Persistence.STORE, Propagation.BACKGROUND, "", "");

    /**
     * Reads a DeleteOptions object.
     *
     * @throws ApiException 422 for an unknown propagation
     */
    public static Options of(JsonNode body, Persistence persistence, Optional<String> propagation) {
      return new Options(
          persistence,
          Propagation.of(
              Json.text(body, "propagationPolicy").or(() -> propagation).orElse("Background")),
          Json.at(body, "preconditions", "uid").asText(),
          Json.at(body, "preconditions", "resourceVersion").asText());
    }
  }

  /** The handling of the dependents of a deleted object. */
  public enum Propagation {
    /** Dependents are deleted afterwards. */
    BACKGROUND,
    /** Dependents are deleted first. */
    FOREGROUND,
    /** Dependents stay. */
    ORPHAN;

    private static Propagation of(String name) {
      return switch (name) {
        case "Background" -> BACKGROUND;
        case "Foreground" -> FOREGROUND;
        case "Orphan" -> ORPHAN;
        default ->
            throw ApiException.invalid(
                "DeleteOptions",
                "meta.k8s.io",
                "",
                List.of(
                    FieldError.unsupported(
                        "propagationPolicy",
                        TextNode.valueOf(name),
                        List.of(
                            TextNode.valueOf("Foreground"),
                            TextNode.valueOf("Background"),
                            TextNode.valueOf("Orphan"),
                            TextNode.valueOf("nil")))));
      };
    }
  }

  /**
   * Deletes an object.
   *
   * @return a Status when the object is deleted, the object when its deletion must wait
   * @throws ApiException 404 when there is no such object, 409 when a precondition does not hold
   */
  public ObjectNode delete(RequestTarget target, Options options) {
    return store.locked(
        () -> {
          Resource resource = target.resource();
          ObjectNode before =
              store
                  .get(target.key())
                  .map(resource::fromStorage)
                  .orElseThrow(() -> ApiException.notFound(resource.id(), target.name()));
          checkPreconditions(target, before, options);
          ObjectNode marked = mark(resource, before, options.propagation());
          if (isOver(marked)) {
            commit.remove(target, before, options.persistence());
            return gone(target, before);
          }
          return marked.equals(before) ? before : commit.put(target, marked, options.persistence());
        });
  }

  /** Whether a marked object has no finalizers left. */
  static boolean isOver(ObjectNode object) {
    return Metadata.isDeleting(object)
        && Metadata.finalizers(object).isEmpty()
        && !(isNamespace(object) && !Json.texts(object, "spec", "finalizers").isEmpty());
  }

  private static ObjectNode mark(Resource resource, ObjectNode before, Propagation propagation) {
    ObjectNode marked = before.deepCopy();
    ObjectNode metadata = Metadata.of(marked);
    List<String> finalizers = new ArrayList<>(Metadata.finalizers(before));
    finalizers.removeAll(List.of(FOREGROUND, ORPHAN));
    switch (propagation) {
      case FOREGROUND -> finalizers.add(FOREGROUND);
      case ORPHAN -> finalizers.add(ORPHAN);
      case BACKGROUND -> {}
    }
    if (resource.id().equals(BuiltinResources.DEFINITIONS) && !Metadata.isDeleting(before)) {
      finalizers.add(DEFINITION_CLEANUP);
    }
    Metadata.setFinalizers(marked, finalizers);
    if (!Metadata.isDeleting(before)) {
      metadata.put("deletionTimestamp", Metadata.now());
      metadata.put("deletionGracePeriodSeconds", 0);
      if (resource.has(Trait.GENERATION)) {
        metadata.put("generation", metadata.path("generation").asInt() + 1);
      }
      if (isNamespace(marked)) {
        metadata.remove("deletionGracePeriodSeconds");
        Json.child(marked, "status").put("phase", "Terminating");
      }
    }
    return marked;
  }

  private static boolean isNamespace(ObjectNode object) {
    return object.path("kind").asText().equals("Namespace")
        && object.path("apiVersion").asText().equals("v1");
  }

  private static void checkPreconditions(RequestTarget target, ObjectNode before, Options options) {
    GroupResource kind =
        new GroupResource(target.resource().id().group(), target.resource().kind());
    if (!options.uid().isEmpty() && !options.uid().equals(Metadata.uid(before))) {
      throw ApiException.conflict(
          kind,
          target.name(),
          "the UID in the precondition ("
              + options.uid()
              + ") does not match the UID in record ("
              + Metadata.uid(before)
              + "). The object might have been deleted and then recreated");
    }
    String version = Metadata.resourceVersion(before);
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
      throw ApiException.conflict(
          kind,
          target.name(),
          "the ResourceVersion in the precondition ("
              + options.resourceVersion()
              + ") does not match the ResourceVersion in record ("
              + version
              + "). The object might have been modified");
    }
  }

  private static ObjectNode gone(RequestTarget target, ObjectNode object) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    ObjectNode details = status.put("status", "Success").putObject("details");
    details.put("name", target.name());
    if (!target.resource().id().group().isEmpty()) {
      details.put("group", target.resource().id().group());
    }
    details.put("kind", target.resource().id().name()).put("uid", Metadata.uid(object));
    return status;
  }
}
