package dev.darkroom.e2e.apiserver.resource;

import dev.darkroom.e2e.apiserver.model.GroupResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All kinds that the server serves at present. Thread-safe: a reader sees all versions of a kind or
 * none.
 */
public final class Resources {
  private volatile List<Resource> served = BuiltinResources.all();

  /** Every resource: built-in kinds in the order of their table, then custom ones. */
  public List<Resource> all() {
    return served;
  }

  /** The resource at a path; empty when it is not served. */
  public Optional<Resource> find(String group, String version, String plural) {
    return stream()
        .filter(resource -> resource.id().equals(new GroupResource(group, plural)))
        .filter(resource -> resource.version().equals(version))
        .findFirst();
  }

  /** Any served version of a resource. */
  public Optional<Resource> find(GroupResource id) {
    return stream().filter(resource -> resource.id().equals(id)).findFirst();
  }

  /** The resource of a kind; empty when it is not served. */
  public Optional<Resource> findKind(String apiVersion, String kind) {
    return stream()
        .filter(resource -> resource.apiVersion().equals(apiVersion))
        .filter(resource -> resource.kind().equals(kind))
        .findFirst();
  }

  /** Replaces all versions of a resource; an empty list ends the serving of the resource. */
  public synchronized void replace(GroupResource id, List<Resource> versions) {
    List<Resource> next = new ArrayList<>(served);
    next.removeIf(resource -> resource.id().equals(id));
    next.addAll(versions);
    served = List.copyOf(next);
  }

  /** The resources of an API group and version, e.g. {@code apps/v1}. */
  public List<Resource> in(String apiVersion) {
    return stream().filter(resource -> resource.apiVersion().equals(apiVersion)).toList();
  }

  private Stream<Resource> stream() {
    return served.stream();
  }
}
