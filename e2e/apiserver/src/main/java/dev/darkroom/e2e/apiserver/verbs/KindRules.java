package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.CustomResources;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules of single built-in kinds: completes and checks some of their fields. */
final class KindRules {
  private static final Set<String> CONDITIONS = Set.of("NamesAccepted", "Established");

  private KindRules() {}

  /** Completes an object before it is validated; changes it in place. */
  static void complete(Resource resource, Optional<ObjectNode> before, ObjectNode object) {
    if (resource.has(Trait.CUSTOM)) {
      return;
    }
    switch (resource.kind()) {
      case "Secret" -> completeSecret(object);
      case "Namespace" -> completeNamespace(before, object);
      case "PersistentVolumeClaim" -> {
        if (before.isEmpty()) {
          object.putObject("status").put("phase", "Pending");
        }
      }
      case "CustomResourceDefinition" -> completeDefinition(object);
      default -> {}
    }
  }

  /** The errors in a completed object that its schema does not cover. */
  static List<FieldError> check(Resource resource, Optional<ObjectNode> before, ObjectNode object) {
    if (resource.has(Trait.CUSTOM)) {
      return List.of();
    }
    return switch (resource.kind()) {
      case "Secret", "ConfigMap" -> checkData(resource.kind(), before, object);
      case "CustomResourceDefinition" -> CustomResources.read(object).errors();
      default -> List.of();
    };
  }

  private static void completeSecret(ObjectNode secret) {
    JsonNode plain = secret.path("stringData");
    if (!plain.isEmpty()) {
      ObjectNode data = Json.child(secret, "data");
      plain
          .properties()
          .forEach(
              entry ->
                  data.put(
                      entry.getKey(),
                      BaseEncoding.base64()
                          .encode(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
    secret.remove("stringData");
    if (secret.path("type").asText().isEmpty()) {
      secret.put("type", "Opaque");
    }
  }

  private static void completeNamespace(Optional<ObjectNode> before, ObjectNode namespace) {
    Json.child(Metadata.of(namespace), "labels")
        .put("kubernetes.io/metadata.name", Metadata.name(namespace));
    if (before.isEmpty()) {
      Json.child(namespace, "spec").putArray("finalizers").add("kubernetes");
      namespace.putObject("status").put("phase", "Active");
    } else {
      Json.put(namespace, "spec", before.get().path("spec"));
    }
  }

  /**
   * Fills in the defaults and the status of a CRD. Names are accepted at once: conflicts with the
   * names of other CRDs are not checked.
   */
  private static void completeDefinition(ObjectNode definition) {
    CustomResources.applyDefaults(definition);
    ObjectNode status = Json.child(definition, "status");
    Json.put(status, "acceptedNames", Json.at(definition, "spec", "names"));
    List<String> stored = new ArrayList<>(Json.texts(status, "storedVersions"));
    Json.elements(Json.at(definition, "spec", "versions"))
        .filter(version -> version.path("storage").asBoolean())
        .map(version -> version.path("name").asText())
        .filter(version -> !stored.contains(version))
        .forEach(stored::add);
    status.set("storedVersions", Json.strings(stored));
    if (status.path("conditions").isEmpty()) {
      for (String type : CONDITIONS.stream().sorted().toList()) {
        status
            .withArray("conditions")
            .addObject()
            .put("type", type)
            .put("status", "True")
            .put("lastTransitionTime", Metadata.now())
            .put("reason", type.equals("Established") ? "InitialNamesAccepted" : "NoConflicts")
            .put(
                "message",
                type.equals("Established")
                    ? "the initial names have been accepted"
                    : "no conflicts found");
      }
    }
  }

  private static List<FieldError> checkData(
      String kind, Optional<ObjectNode> before, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    if (before.filter(old -> old.path("immutable").asBoolean()).isPresent()) {
      for (String field : List.of("data", "binaryData", "immutable")) {
        if (!object.path(field).equals(before.get().path(field))) {
          errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
        }
      }
    }
    String encoded = kind.equals("Secret") ? "data" : "binaryData";
    object
        .path(encoded)
        .properties()
        .forEach(
            entry -> {
              if (!BaseEncoding.base64().canDecode(entry.getValue().asText())) {
                errors.add(
                    FieldError.invalid(
                        encoded + "[" + entry.getKey() + "]",
                        entry.getValue(),
                        "illegal base64 data"));
              }
            });
    return errors;
  }
}
