package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Metadata;

/**
 * The key of a stored object.
 *
 * @param place group and plural name in storage
 * @param namespace namespace; empty for a cluster-wide object
 * @param name name of the object
 */
public record Key(GroupResource place, String namespace, String name) {

  /** The key of an object in a place. */
  public static Key of(GroupResource place, ObjectNode object) {
    return new Key(place, Metadata.namespace(object), Metadata.name(object));
  }

  /** The text that orders the objects of a place: by namespace, then by name. */
  String path() {
    return namespace + "/" + name;
  }
}
