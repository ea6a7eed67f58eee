package dev.darkroom.e2e.apiserver.verbs;

import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.storage.Key;

/**
 * The target of a request.
 *
 * @param resource the resource
 * @param namespace the namespace; empty for a cluster-wide kind or request
 * @param name name of the object; empty for a request about all objects
 * @param part part of the object
 */
public record RequestTarget(Resource resource, String namespace, String name, Part part) {

  /** The parts of an object that are written separately. */
  public enum Part {
    /** Everything but the status. */
    MAIN,
    /** The status subresource. */
    STATUS;

    /** The subresource's name in managed fields; empty for the object itself. */
    String subresource() {
      return this == STATUS ? "status" : "";
    }
  }

  /** The same target with another name. */
  RequestTarget named(String other) {
    return new RequestTarget(resource, namespace, other, part);
  }

  /** The key of the stored object. */
  public Key key() {
    return new Key(resource.storage().place(), namespace, name);
  }
}
