package dev.darkroom.e2e.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.model.GroupResource;
import dev.darkroom.e2e.apiserver.model.Metadata;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All objects, by place, namespace and name. One lock makes every read-and-write atomic. Every
 * write gets a revision of its own. Listeners are called in the order of the writes while the lock
 * is held, so they must not block. Stored objects are never changed in place.
 */
public final class ObjectStore {
  private final int historySize;
  private final Map<GroupResource, NavigableMap<String, ObjectNode>> places = new HashMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private long revision = 1;
  private long forgotten = 1;

  /** Creates an empty store with a maximum number of kept changes for watches that resume. */
  public ObjectStore(int historySize) {
    this.historySize = historySize;
  }

  /**
   * The objects at one revision.
   *
   * @param objects objects in the order of namespace and name
   * @param revision revision of the last write before the snapshot
   */
  public record Snapshot(List<ObjectNode> objects, long revision) {}

  /** Runs work under the lock: no other thread writes meanwhile. */
  public synchronized <T> T locked(Supplier<T> work) {
    return work.get();
  }

  /** Revision of the last write. */
  public synchronized long revision() {
    return revision;
  }

  /** The object; empty when it does not exist. */
  public synchronized Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(objects(key.place()).get(key.path()));
  }

  /** The objects of a place: in one namespace, or in all when no namespace is given. */
  public synchronized Snapshot list(GroupResource place, Optional<String> namespace) {
    NavigableMap<String, ObjectNode> all = objects(place);
    // The character after '/' is the exclusive end of the range of a namespace.
    List<ObjectNode> found =
        namespace
            .map(each -> List.copyOf(all.subMap(each + "/", each + "0").values()))
            .orElseGet(() -> List.copyOf(all.values()));
    return new Snapshot(found, revision);
  }

  /** Every object of every place in a namespace. */
  public synchronized List<Key> inNamespace(String namespace) {
    return places.entrySet().stream()
        .flatMap(
            place ->
                place.getValue().subMap(namespace + "/", namespace + "0").values().stream()
                    .map(object -> Key.of(place.getKey(), object)))
        .toList();
  }

  /** Stores a new state under the next revision; returns it with this resource version. */
  public synchronized ObjectNode put(Key key, ObjectNode object) {
    ObjectNode stored = stamped(object);
    Optional<ObjectNode> before = Optional.ofNullable(objects(key.place()).put(key.path(), stored));
    Change.Type type = before.isPresent() ? Change.Type.MODIFIED : Change.Type.ADDED;
    record(new Change(revision, type, key, stored, before));
    return stored;
  }

  /** Removes an object with the given last state; returns it with the revision of the removal. */
  public synchronized ObjectNode remove(Key key, ObjectNode last) {
    ObjectNode gone = stamped(last);
    Optional<ObjectNode> before = Optional.ofNullable(objects(key.place()).remove(key.path()));
    record(new Change(revision, Change.Type.DELETED, key, gone, before));
    return gone;
  }

  /** Calls the listener on every later change. */
  public void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /**
   * Calls the listener on every change of a place after a revision: at once for the kept changes,
   * then for each new one.
   *
   * @throws ApiException 410 when the history no longer reaches back to the revision, 504 when the
   *     store has not reached the revision yet
   */
  public synchronized void listen(GroupResource place, long after, Consumer<Change> listener) {
    if (after < forgotten) {
      throw ApiException.expired("too old resource version: " + after + " (" + forgotten + ")");
    }
    if (after > revision) {
      throw ApiException.tooLargeResourceVersion(after, revision);
    }
    for (Change change : history) {
      if (change.revision() > after && change.key().place().equals(place)) {
        listener.accept(change);
      }
    }
    listeners.add(listener);
  }

  /** Stops calling the listener. */
  public void ignore(Consumer<Change> listener) {
    listeners.remove(listener);
  }

  private NavigableMap<String, ObjectNode> objects(GroupResource place) {
    return places.computeIfAbsent(place, unused -> new TreeMap<>());
  }

  private ObjectNode stamped(ObjectNode object) {
    revision++;
    ObjectNode stamped = object.deepCopy();
    Metadata.of(stamped).put("resourceVersion", Long.toString(revision));
    return stamped;
  }

  private void record(Change change) {
    history.addLast(change);
    if (history.size() > historySize) {
      forgotten = history.removeFirst().revision();
    }
    listeners.forEach(listener -> listener.accept(change));
  }
}
