package dev.darkroom.e2e.apiserver.http;

import dev.darkroom.e2e.apiserver.model.ApiException;
import java.util.List;

/**
 * The path of a resource request (Kubernetes, "Kubernetes API Concepts", "Resource URIs").
 *
 * @param group API group; empty for the core group
 * @param version API version
 * @param namespace namespace; empty for a cluster-wide request
 * @param plural plural name of the resource
 * @param name name of the object; empty for the whole collection
 * @param subresource subresource; empty for the object itself
 */
record RequestPath(
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource) {

  /**
   * Reads the segments of a path below {@code /api} or {@code /apis}.
   *
   * @param segments at least three segments
   * @throws ApiException 404 when the path has more segments than a resource path
   */
  static RequestPath parse(List<String> segments) {
    boolean core = segments.get(0).equals("api");
    String group = core ? "" : segments.get(1);
    List<String> rest = segments.subList(core ? 1 : 2, segments.size());
    String version = rest.get(0);
    List<String> place = rest.subList(1, rest.size());
    if (place.size() > 2 && place.get(0).equals("namespaces") && !isOfNamespace(place)) {
      return new RequestPath(group, version, place.get(1), place.get(2), at(place, 3), at(place, 4))
          .checked(place, 5);
    }
    return new RequestPath(group, version, "", at(place, 0), at(place, 1), at(place, 2))
        .checked(place, 3);
  }

  private static boolean isOfNamespace(List<String> place) {
    return place.size() == 3 && List.of("status", "finalize").contains(place.get(2));
  }

  private static String at(List<String> segments, int index) {
    return index < segments.size() ? segments.get(index) : "";
  }

  private RequestPath checked(List<String> place, int most) {
    if (place.size() > most) {
      throw ApiException.notServed();
    }
    return this;
  }
}
