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
 * All objects, by place, namespace and name. One lock makes every read-and-write atomic and gives
 * every write a revision of its own; listeners hear of writes in that order, while the lock is
 * held, and so must not wait for anything. Stored objects are never changed in place.
 */
public final class ObjectStore {
  private final int historySize;
  private final Map<GroupResource, NavigableMap<String, ObjectNode>> places = new HashMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private long revision = 1;
  private long forgotten = 1;

  /** An empty store that remembers that many changes for watches that resume. */
  public ObjectStore(int historySize) {
    this.historySize = historySize;
  }

  /**
   * Objects at one moment.
   *
   * @param objects in order of namespace and name
   * @param revision the moment
   */
  public record Snapshot(List<ObjectNode> objects, long revision) {}

  /** Does something while nothing else is written. */
  public synchronized <T> T locked(Supplier<T> work) {
    return work.get();
  }

  /** Revision of the last write. */
  public synchronized long revision() {
    return revision;
  }

  /** The object, if it is there. */
  public synchronized Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(objects(key.place()).get(key.path()));
  }

  /** The objects of a place, of one namespace or, without it, of all. */
  public synchronized Snapshot list(GroupResource place, Optional<String> namespace) {
    NavigableMap<String, ObjectNode> all = objects(place);
    // The character after '/' ends the range of a namespace.
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

  /** Stores a new state under the next revision; returns it with that resource version. */
  public synchronized ObjectNode put(Key key, ObjectNode object) {
    ObjectNode stored = stamped(object);
    Optional<ObjectNode> before = Optional.ofNullable(objects(key.place()).put(key.path(), stored));
    Change.Type type = before.isPresent() ? Change.Type.MODIFIED : Change.Type.ADDED;
    record(new Change(revision, type, key, stored, before));
    return stored;
  }

  /** Removes an object, whose last state this is; returns it with the revision of its removal. */
  public synchronized ObjectNode remove(Key key, ObjectNode last) {
    ObjectNode gone = stamped(last);
    Optional<ObjectNode> before = Optional.ofNullable(objects(key.place()).remove(key.path()));
    record(new Change(revision, Change.Type.DELETED, key, gone, before));
    return gone;
  }

  /** Hears of every change from now on. */
  public void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /**
   * Hears of every change of a place after a revision: first the remembered ones, at once, then the
   * new ones.
   *
   * @throws ApiException 410 when that revision is forgotten, 504 when it is still to come
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

  /** Hears no more. */
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
