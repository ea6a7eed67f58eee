package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.FieldError;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget;
import java.util.List;
import java.util.function.Predicate;

/**
 * The parameters of a watch.
 *
 * @param target resource and namespace to watch
 * @param selected objects to report, in the requested version
 * @param representation form of the objects in events
 * @param start first events of the watch
 * @param after revision after which {@link Start#RESUME} begins
 * @param wish whether to send bookmarks
 * @param timeoutSeconds duration of the watch; 0: until the client ends it
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
    /** The changes after a revision. */
    RESUME,
    /** All existing objects. */
    CURRENT_STATE,
    /** All existing objects, then a bookmark that marks their end. */
    CURRENT_STATE_MARKED
  }

  enum Bookmarks {
    WANTED,
    UNWANTED
  }

  /**
   * Reads the parameters of a watch.
   *
   * @throws ApiException 422 when parameters contradict each other
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
