package dev.darkroom.e2e.apiserver.resource;

import dev.darkroom.e2e.apiserver.model.GroupResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All kinds that are served now. Safe for all threads; a reader sees a kind entirely or not. */
public final class Resources {
  private volatile List<Resource> served = BuiltinResources.all();

  /** Every resource, in the order of the table, custom ones last. */
  public List<Resource> all() {
    return served;
  }

  /** The resource at a path, if it is served. */
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

  /** The resource of that kind, if it is served. */
  public Optional<Resource> findKind(String apiVersion, String kind) {
    return stream()
        .filter(resource -> resource.apiVersion().equals(apiVersion))
        .filter(resource -> resource.kind().equals(kind))
        .findFirst();
  }

  /** Serves these in place of all versions of that resource; none: it is no longer served. */
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
