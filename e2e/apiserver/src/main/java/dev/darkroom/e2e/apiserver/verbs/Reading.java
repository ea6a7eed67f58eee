package dev.darkroom.e2e.apiserver.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The verbs get and list. Later pages of a list show the state at the first page. The number of
 * kept lists is limited; the token of a dropped list is answered with 410.
 */
public final class Reading {
  private static final int PAGED_LISTS = 64;

  private final ObjectStore store;
  private final Map<String, ObjectStore.Snapshot> paged = new LinkedHashMap<>();

  Reading(ObjectStore store) {
    this.store = store;
  }

  /**
   * One page of a list.
   *
   * @param objects objects of the page, in the requested version
   * @param revision revision of the list
   * @param token token of the next page; empty on the last page
   * @param remaining number of objects after this page
   */
  public record Page(List<ObjectNode> objects, long revision, String token, int remaining) {}

  /**
   * The parameters of a list.
   *
   * @param target resource and namespace
   * @param selected filter of the objects, in the requested version
   * @param limit maximum number of objects; 0: all
   * @param token token of the page; empty: the first page
   * @param notBefore minimum revision of the list
   */
  public record Query(
      RequestTarget target,
      Predicate<ObjectNode> selected,
      int limit,
      String token,
      long notBefore) {}

  /**
   * The object.
   *
   * @throws ApiException 404 when the object does not exist
   */
  public ObjectNode get(RequestTarget target) {
    Resource resource = target.resource();
    return store
        .get(target.key())
        .map(resource::fromStorage)
        .orElseThrow(() -> ApiException.notFound(resource.id(), target.name()));
  }

  /**
   * A list, or a page of it.
   *
   * @throws ApiException 410 when the list of the token was dropped, 504 when the server has not
   *     reached the revision yet
   */
  public Page list(Query query) {
    ObjectStore.Snapshot all = query.token().isEmpty() ? start(query) : resume(query.token());
    int limit = query.limit() > 0 ? query.limit() : Integer.MAX_VALUE;
    if (all.objects().size() <= limit) {
      return new Page(all.objects(), all.revision(), "", 0);
    }
    List<ObjectNode> rest = all.objects().subList(limit, all.objects().size());
    String token = keep(new ObjectStore.Snapshot(rest, all.revision()));
    return new Page(all.objects().subList(0, limit), all.revision(), token, rest.size());
  }

  private ObjectStore.Snapshot start(Query query) {
    RequestTarget target = query.target();
    Optional<String> namespace =
        target.namespace().isEmpty() ? Optional.empty() : Optional.of(target.namespace());
    ObjectStore.Snapshot all = store.list(target.resource().storage().place(), namespace);
    if (query.notBefore() > all.revision()) {
      throw ApiException.tooLargeResourceVersion(query.notBefore(), all.revision());
    }
    List<ObjectNode> selected =
        all.objects().stream()
            .map(target.resource()::fromStorage)
            .filter(query.selected())
            .toList();
    return new ObjectStore.Snapshot(selected, all.revision());
  }

  private String keep(ObjectStore.Snapshot rest) {
    String token = UUID.randomUUID().toString();
    synchronized (paged) {
      paged.put(token, rest);
      if (paged.size() > PAGED_LISTS) {
        paged.remove(paged.keySet().iterator().next());
      }
    }
    return token;
  }

  private ObjectStore.Snapshot resume(String token) {
    try {
      UUID.fromString(token);
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest("invalid continue token: continue key is not valid: " + token);
    }
    synchronized (paged) {
      return Optional.ofNullable(paged.get(token))
          .orElseThrow(
              () ->
                  ApiException.expired(
                      "The provided continue parameter is too old to display a consistent list"
                          + " result. You must start a new list without the continue parameter."));
    }
  }
}
