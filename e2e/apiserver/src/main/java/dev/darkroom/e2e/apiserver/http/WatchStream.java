package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.model.Metadata;
import dev.darkroom.e2e.apiserver.resource.Resource;
import dev.darkroom.e2e.apiserver.storage.Change;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * One watch: turns changes into events and sends them one at a time. The thread that writes an
 * object never waits for a client. A client with too many unsent events is disconnected; the client
 * is expected to reconnect and resume.
 */
final class WatchStream extends IteratingCallback implements Consumer<Change> {
  private static final int MOST_WAITING = 10_000;

  /** The destination of events: a chunked response or a WebSocket. */
  interface Sink {
    /** Sends one event; completes the callback when the next event can be sent. */
    void send(ObjectNode event, Callback sent);

    /** Ends the stream normally. */
    void end();

    /** Ends the stream with an error. */
    void fail(Throwable cause);
  }

  private final WatchRequest request;
  private final ObjectStore store;
  private final Sink sink;
  private final Executor executor;
  private final Consumer<WatchStream> forget;
  private final Queue<ObjectNode> waiting = new ArrayDeque<>();
  private int allowance = MOST_WAITING;
  private boolean ending;

  /**
   * Creates a stream; {@link #start} starts it.
   *
   * @param executor runs the sending of events
   * @param forget called when the stream has ended
   */
  WatchStream(
      WatchRequest request,
      ObjectStore store,
      Sink sink,
      Executor executor,
      Consumer<WatchStream> forget) {
    this.request = request;
    this.store = store;
    this.sink = sink;
    this.executor = executor;
    this.forget = forget;
  }

  /** Starts with the events that the request selects. */
  void start() {
    store.locked(
        () -> {
          try {
            switch (request.start()) {
              case RESUME -> store.listen(place(), request.after(), this);
              case CURRENT_STATE -> {
                sendAll();
                store.listen(place(), store.revision(), this);
              }
              case CURRENT_STATE_MARKED -> {
                sendAll();
                offer(markedEnd());
                store.listen(place(), store.revision(), this);
              }
            }
          } catch (ApiException e) {
            offer(event("ERROR", e.status()));
            stop();
          }
          return this;
        });
  }

  /** Sends a bookmark with the current revision, if the client requested bookmarks. */
  void bookmark() {
    if (request.bookmarks()) {
      store.locked(
          () -> {
            offer(mark());
            return this;
          });
    }
  }

  /** Ends the stream after all queued events. */
  void stop() {
    store.ignore(this);
    synchronized (waiting) {
      ending = true;
    }
    executor.execute(this::iterate);
  }

  @Override
  public void accept(Change change) {
    if (!change.key().place().equals(place()) || !request.isOfNamespace(change.key().namespace())) {
      return;
    }
    Resource resource = request.target().resource();
    ObjectNode now = resource.fromStorage(change.object());
    Optional<ObjectNode> before =
        change.before().map(resource::fromStorage).filter(request.selected());
    boolean selectedNow = change.type() != Change.Type.DELETED && request.selected().test(now);
    if (selectedNow) {
      offer(event(before.isPresent() ? "MODIFIED" : "ADDED", shown(now)));
    } else if (before.isPresent()) {
      ObjectNode last = before.get().deepCopy();
      Metadata.of(last).put("resourceVersion", Long.toString(change.revision()));
      offer(event("DELETED", shown(change.type() == Change.Type.DELETED ? now : last)));
    }
  }

  @Override
  protected Action process() {
    ObjectNode next;
    synchronized (waiting) {
      next = waiting.poll();
      if (next == null) {
        return ending ? Action.SUCCEEDED : Action.IDLE;
      }
    }
    sink.send(next, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    forget.accept(this);
    sink.end();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    store.ignore(this);
    forget.accept(this);
    sink.fail(cause);
  }

  private void sendAll() {
    String namespace = request.target().namespace();
    Resource resource = request.target().resource();
    List<ObjectNode> initial = new ArrayList<>();
    store
        .list(place(), namespace.isEmpty() ? Optional.empty() : Optional.of(namespace))
        .objects()
        .stream()
        .map(resource::fromStorage)
        .filter(request.selected())
        .map(object -> event("ADDED", shown(object)))
        .forEach(initial::add);
    synchronized (waiting) {
      waiting.addAll(initial);
      allowance += initial.size();
    }
    executor.execute(this::iterate);
  }

  private void offer(ObjectNode event) {
    if (enqueue(event)) {
      executor.execute(this::iterate);
    } else {
      store.ignore(this);
      abort(new IllegalStateException("the client reads too slowly"));
    }
  }

  private boolean enqueue(ObjectNode event) {
    synchronized (waiting) {
      return waiting.size() < allowance && waiting.add(event);
    }
  }

  private ObjectNode shown(ObjectNode object) {
    return request.representation().object(request.target().resource(), object);
  }

  private ObjectNode mark() {
    Resource resource = request.target().resource();
    ObjectNode object =
        Json.object().put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
    Metadata.of(object).put("resourceVersion", Long.toString(store.revision()));
    return event("BOOKMARK", object);
  }

  private ObjectNode markedEnd() {
    ObjectNode mark = mark();
    Metadata.of((ObjectNode) mark.path("object"))
        .putObject("annotations")
        .put("k8s.io/initial-events-end", "true");
    return mark;
  }

  private GroupResource place() {
    return request.target().resource().storage().place();
  }

  private static ObjectNode event(String type, ObjectNode object) {
    return Json.object().put("type", type).set("object", object);
  }
}
