package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.resource.Resource.Trait;
import dev.darkroom.e2e.apiserver.resource.Resources;
import java.util.List;

/**
 * OpenAPI v3 documents, one for each group and version. They contain the schemas for {@code kubectl
 * explain}, and the parts of the paths in which kubectl looks for the support of dryRun and
 * fieldValidation.
 */
final class OpenApi {
  private final Resources resources;

  OpenApi(Resources resources) {
    this.resources = resources;
  }

  /**
   * The list of documents. The address of a document changes with its content, because clients
   * cache documents.
   */
  ObjectNode index() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    resources.all().stream()
        .map(Resource::apiVersion)
        .distinct()
        .forEach(
            apiVersion -> {
              String path = root(apiVersion);
              String hash = Hashing.sha256().hashBytes(Json.bytes(document(apiVersion))).toString();
              paths
                  .putObject(path)
                  .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
            });
    return index;
  }

  /**
   * The document of a group and version.
   *
   * @throws ApiException 404 when the group and version are not served
   */
  ObjectNode document(String apiVersion) {
    List<Resource> served = resources.in(apiVersion);
    if (served.isEmpty()) {
      throw ApiException.notServed();
    }
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Kubernetes").put("version", Discovery.VERSION);
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (Resource resource : served) {
      ObjectNode schema = resource.openApi().deepCopy();
      schema.putArray("x-kubernetes-group-version-kind").add(kind(resource));
      schemas.set(name(resource), schema);
      String collection =
          "/"
              + root(apiVersion)
              + (resource.isNamespaced() ? "/namespaces/{namespace}/" : "/")
              + resource.id().name();
      operation(paths, collection, "post", resource);
      if (!resource.has(Trait.REVIEW)) {
        operation(paths, collection, "get", resource);
        for (String verb : List.of("get", "put", "patch", "delete")) {
          operation(paths, collection + "/{name}", verb, resource);
        }
      }
    }
    return document;
  }

  private static void operation(ObjectNode paths, String path, String verb, Resource resource) {
    ObjectNode operation = Json.child(paths, path).putObject(verb);
    operation.put("x-kubernetes-action", verb);
    operation.set("x-kubernetes-group-version-kind", kind(resource));
    for (String parameter :
        verb.equals("get")
            ? List.<String>of()
            : List.of("dryRun", "fieldManager", "fieldValidation")) {
      ObjectNode query = operation.withArray("parameters").addObject();
      query.put("name", parameter).put("in", "query").putObject("schema").put("type", "string");
    }
    operation
        .putObject("responses")
        .putObject("200")
        .put("description", "OK")
        .putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + name(resource));
  }

  private static ObjectNode kind(Resource resource) {
    return Json.object()
        .put("group", resource.id().group())
        .put("version", resource.version())
        .put("kind", resource.kind());
  }

  private static String name(Resource resource) {
    String group = resource.id().group().isEmpty() ? "core" : resource.id().group();
    return group + "." + resource.version() + "." + resource.kind();
  }

  private static String root(String apiVersion) {
    return apiVersion.contains("/") ? "apis/" + apiVersion : "api/" + apiVersion;
  }
}
