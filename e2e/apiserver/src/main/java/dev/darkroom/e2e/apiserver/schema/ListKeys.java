package dev.darkroom.e2e.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import java.util.List;
import java.util.Optional;

/** The keys of the elements of a list of type map. */
public final class ListKeys {
  private ListKeys() {}

  /** The key fields of an element, in alphabetical order; absent fields get their default. */
  public static ObjectNode of(JsonNode element, Schema list) {
    ObjectNode key = Json.object();
    List<String> names = list.listKeys().stream().sorted().toList();
    for (String name : names) {
      Optional.ofNullable(element.get(name))
          .or(() -> list.itemsOrAnything().fieldOrAnything(name).defaultValue())
          .ifPresent(value -> key.set(name, value));
    }
    return key;
  }
}
