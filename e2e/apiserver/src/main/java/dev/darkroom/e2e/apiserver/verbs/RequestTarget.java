package dev.darkroom.e2e.apiserver.verbs;

import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.storage.Key;

/**
 * What a request is about.
 *
 * @param resource the kind
 * @param namespace the namespace; empty for a cluster-wide kind or request
 * @param name the object; empty when the request is about all of them
 * @param part which part of the object
 */
public record RequestTarget(Resource resource, String namespace, String name, Part part) {

  /** The parts of an object that are written apart. */
  public enum Part {
    /** Everything but the status. */
    MAIN,
    /** The status subresource. */
    STATUS;

    /** The subresource's name as managed fields say it; empty for the object itself. */
    String subresource() {
      return this == STATUS ? "status" : "";
    }
  }

  /** The same place with a name. */
  RequestTarget named(String other) {
    return new RequestTarget(resource, namespace, other, part);
  }

  /** Where the object is stored. */
  public Key key() {
    return new Key(resource.storage().place(), namespace, name);
  }
}
