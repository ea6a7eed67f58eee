package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Metadata;

/**
 * Where an object is stored.
 *
 * @param place group and plural name it is stored under
 * @param namespace its namespace; empty when it has none
 * @param name its name
 */
public record Key(GroupResource place, String namespace, String name) {

  /** The key of an object in that place. */
  public static Key of(GroupResource place, ObjectNode object) {
    return new Key(place, Metadata.namespace(object), Metadata.name(object));
  }

  /** Text by which the objects of a place are in order: namespaces first, then names. */
  String path() {
    return namespace + "/" + name;
  }
}
