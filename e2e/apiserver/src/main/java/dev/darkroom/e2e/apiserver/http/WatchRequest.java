package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a client wants to watch.
 *
 * @param target the place
 * @param selected which objects, of the version asked for
 * @param representation how they look
 * @param start what comes first
 * @param after the revision after which {@link Start#RESUME} begins
 * @param wish whether to send bookmarks
 * @param timeoutSeconds how long; 0: as long as it likes
 */
record WatchRequest(
    RequestTarget target,
    Predicate<ObjectNode> selected,
    Representation representation,
    Start start,
    long after,
    Bookmarks wish,
    long timeoutSeconds) {

  enum Start {
    /** What happened after a revision. */
    RESUME,
    /** All that is there. */
    CURRENT_STATE,
    /** All that is there, and a bookmark that says so. */
    CURRENT_STATE_MARKED
  }

  enum Bookmarks {
    WANTED,
    UNWANTED
  }

  /**
   * Reads the parameters of a watch.
   *
   * @throws ApiException 422 when they contradict each other
   */
  static WatchRequest of(
      RequestTarget target, Representation representation, Parameters parameters) {
    Predicate<ObjectNode> selected = parameters.selected(target.resource());
    if (!target.name().isEmpty()) {
      selected = selected.and(object -> object.at("/metadata/name").asText().equals(target.name()));
    }
    boolean initial = parameters.isSet("sendInitialEvents");
    boolean notOlder =
        parameters.text("resourceVersionMatch").filter("NotOlderThan"::equals).isPresent();
    if (initial && !notOlder) {
      throw ApiException.invalid(
          "ListOptions",
          "meta.k8s.io",
          "",
          List.of(
              FieldError.forbidden(
                  "resourceVersionMatch",
                  "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")));
    }
    long after = parameters.number("resourceVersion");
    Start start =
        initial ? Start.CURRENT_STATE_MARKED : after > 0 ? Start.RESUME : Start.CURRENT_STATE;
    return new WatchRequest(
        target,
        selected,
        representation,
        start,
        after,
        parameters.isSet("allowWatchBookmarks") ? Bookmarks.WANTED : Bookmarks.UNWANTED,
        parameters.number("timeoutSeconds"));
  }

  boolean isOfNamespace(String namespace) {
    return target.namespace().isEmpty() || target.namespace().equals(namespace);
  }

  boolean bookmarks() {
    return wish == Bookmarks.WANTED && representation.form() == Representation.Form.OBJECT;
  }
}
