package dev.darkroom.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The rendered manifests of the chart.
 *
 * @param objects the objects, in Helm's order
 */
record Manifests(List<JsonNode> objects) {

  static Manifests of(String yaml) {
    List<JsonNode> objects = new ArrayList<>();
    try (var documents = Chart.YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (document != null && document.isObject()) {
          objects.add(document);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Manifests(List.copyOf(objects));
  }

  List<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
  }

  JsonNode one(String kind, String name) {
    return find(kind, name).orElseThrow(() -> new NoSuchElementException(kind + " " + name));
  }

  Optional<JsonNode> find(String kind, String name) {
    return all(kind).stream().filter(object -> name(object).equals(name)).findFirst();
  }

  /** Returns the pod spec of the operator. */
  JsonNode pod() {
    return one("Deployment", "darkroom").at("/spec/template/spec");
  }

  /** Returns the container of the operator. */
  JsonNode container() {
    return pod().at("/containers/0");
  }

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    container().path("args").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /** Returns whether an uninstall keeps the object. */
  static boolean isKept(JsonNode object) {
    return object
        .path("metadata")
        .path("annotations")
        .path("helm.sh/resource-policy")
        .asText()
        .equals("keep");
  }
}
