package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.resource.Resources;
import java.util.List;

/**
 * The discovery documents of the served kinds ({@code /api}, {@code /apis} and below). Aggregated
 * discovery is not supported: clients that request it fall back to plain discovery.
 */
final class Discovery {
  /** The Kubernetes version in answers; the suffix distinguishes this server from a real one. */
  static final String VERSION = "v1.33.0-darkroom";

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private final Resources resources;

  Discovery(Resources resources) {
    this.resources = resources;
  }

  static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
  }

  /** The versions of the core group. */
  ObjectNode core() {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  /** All named groups. */
  ObjectNode groups() {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    resources.all().stream()
        .map(resource -> resource.id().group())
        .filter(group -> !group.isEmpty())
        .distinct()
        .forEach(group -> groups.add(describe(group)));
    return list;
  }

  /** One named group. */
  ObjectNode group(String name) {
    ObjectNode group = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    group.setAll(describe(name));
    if (group.path("versions").isEmpty()) {
      throw ApiException.notServed();
    }
    return group;
  }

  /** The resources of one version of a group. */
  ObjectNode resources(String apiVersion) {
    List<Resource> served = resources.in(apiVersion);
    if (served.isEmpty()) {
      throw ApiException.notServed();
    }
    ObjectNode list =
        Json.object()
            .put("kind", "APIResourceList")
            .put("apiVersion", "v1")
            .put("groupVersion", apiVersion);
    ArrayNode all = list.putArray("resources");
    for (Resource resource : served) {
      ObjectNode entry = all.addObject();
      entry
          .put("name", resource.id().name())
          .put("singularName", resource.names().singular())
          .put("namespaced", resource.isNamespaced())
          .put("kind", resource.kind());
      entry.set("verbs", Json.strings(resource.has(Trait.REVIEW) ? List.of("create") : VERBS));
      putUnlessEmpty(entry, "shortNames", resource.names().shortNames());
      putUnlessEmpty(entry, "categories", resource.names().categories());
      if (resource.has(Trait.STATUS)) {
        all.addObject()
            .put("name", resource.id().name() + "/status")
            .put("singularName", "")
            .put("namespaced", resource.isNamespaced())
            .put("kind", resource.kind())
            .set("verbs", Json.strings(STATUS_VERBS));
      }
    }
    return list;
  }

  private ObjectNode describe(String group) {
    ObjectNode description = Json.object().put("name", group);
    ArrayNode versions = description.putArray("versions");
    resources.all().stream()
        .filter(resource -> resource.id().group().equals(group))
        .map(Resource::version)
        .distinct()
        .forEach(
            version ->
                versions
                    .addObject()
                    .put("groupVersion", group + "/" + version)
                    .put("version", version));
    if (!versions.isEmpty()) {
      description.set("preferredVersion", versions.get(0));
    }
    return description;
  }

  private static void putUnlessEmpty(ObjectNode entry, String field, List<String> values) {
    if (!values.isEmpty()) {
      entry.set(field, Json.strings(values));
    }
  }
}
