package dev.darkroom.controller.store;

import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreSpec;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the probe of every store fresh. A probe runs on a thread of its own; one that does not come
 * back makes the store unavailable.
 */
final class StoreProbes {

  /**
   * What a probe found.
   *
   * @param store the store, where it could be opened
   * @param headroom how full it is
   * @param trouble why it can't be used
   */
  record Result(Optional<BlobStore> store, Headroom headroom, Optional<Failure> trouble) {}

  /** What was probed, when, and what was found at last. */
  private record Known(Instant startedAt, ImageStoreSpec of, Optional<Result> last) {}

  private static final Logger LOG = LoggerFactory.getLogger(StoreProbes.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Headroom UNKNOWN = new Headroom(OptionalLong.empty());
  private static final Failure OUTDATED =
      Failure.of(Reason.STORE_UNAVAILABLE, "Its ImageStore says something else now.");

  private final StoreTasks<Result> tasks = new StoreTasks<>("store-probe");
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final StoreRegistry stores;
  private final StoreFactory drivers;
  private final Function<String, Optional<Set<String>>> unfinished;
  private final Clock clock;
  private final Consumer<String> wake;

  /**
   * Has nothing probed yet.
   *
   * @param unfinished the writes in a store that will be gone on with, or empty when that can't be
   *     told now
   * @param wake hears the name of a store whose probe is done
   */
  StoreProbes(
      StoreRegistry stores,
      StoreFactory drivers,
      Function<String, Optional<Set<String>>> unfinished,
      Clock clock,
      Consumer<String> wake) {
    this.stores = stores;
    this.drivers = drivers;
    this.unfinished = unfinished;
    this.clock = clock;
    this.wake = wake;
  }

  /**
   * Takes up a probe that is done and starts one that is due.
   *
   * @return when to look again
   */
  Duration keepFresh(ImageStore store, Duration interval) {
    String name = store.getMetadata().getName();
    String id = store.getMetadata().getUid();
    Instant now = clock.instant();
    tasks.take(id).ifPresent(result -> take(store, result));
    stores.announce(store);
    stores.redefine(store);
    Known state = known.get(name);
    boolean another = state == null || !Objects.equals(state.of().s3(), store.getSpec().s3());
    boolean due =
        state == null
            || (!tasks.knows(id) && (another || !state.startedAt().plus(interval).isAfter(now)));
    if (due) {
      // What was found of another place says nothing of this one.
      known.put(name, new Known(now, store.getSpec(), another ? Optional.empty() : state.last()));
      start(store, id);
      return PATIENCE;
    }
    if (tasks.knows(id)) {
      if (!state.startedAt().plus(PATIENCE).isAfter(now)) {
        take(store, silent(store));
      }
      return PATIENCE;
    }
    return Duration.between(now, state.startedAt().plus(interval));
  }

  /** What the last finished probe of the store found. */
  Optional<Result> last(ImageStore store) {
    return Optional.ofNullable(known.get(store.getMetadata().getName())).flatMap(Known::last);
  }

  void forget(ImageStore store) {
    known.remove(store.getMetadata().getName());
  }

  private void take(ImageStore store, Result result) {
    String name = store.getMetadata().getName();
    known.computeIfPresent(
        name, (n, state) -> new Known(state.startedAt(), state.of(), Optional.of(result)));
    stores.put(new StoreRegistry.Entry(store, result.store(), result.trouble()));
  }

  /** What is open now stays open as long as the probe runs. */
  private void start(ImageStore store, String id) {
    String name = store.getMetadata().getName();
    Optional<BlobStore> open =
        stores
            .find(name)
            .flatMap(StoreRegistry.Entry::store)
            .filter(found -> stores.hold(id, List.of(found)));
    tasks.start(
        id,
        () -> probe(store, open),
        () -> {
          stores.release(id);
          wake.accept(name);
        });
  }

  private Result probe(ImageStore definition, Optional<BlobStore> open) {
    String name = definition.getMetadata().getName();
    if (open.isEmpty()) {
      return openAndProbe(definition);
    }
    Result result;
    try {
      result =
          drivers.fits(open.get(), definition)
              ? probe(name, open.get())
              : new Result(open, UNKNOWN, Optional.of(OUTDATED));
    } catch (PrerequisiteException e) {
      result = new Result(open, UNKNOWN, Optional.of(ofStore(name, e)));
    } catch (RuntimeException e) {
      result = new Result(open, UNKNOWN, Optional.of(Failures.ofStore(name, e)));
    }
    if (result.trouble().isEmpty()) {
      return result;
    }
    // To an open store, a volume that was mounted again is not the one it knew, and its settings
    // may be others. The old one is closed when the transfers that use it have ended.
    Result again = openAndProbe(definition);
    if (again.trouble().isEmpty() || result.trouble().get().equals(OUTDATED)) {
      return again;
    }
    again.store().ifPresent(BlobStore::close);
    return result;
  }

  /** Without knowing what is to be kept, nothing is removed. */
  private void sweep(String name, BlobStore store) throws StoreException {
    Optional<Set<String>> keep = unfinished.apply(name);
    int swept = keep.isPresent() ? store.sweep(keep.get()) : 0;
    if (swept > 0) {
      LOG.info("Removed {} unfinished writes of an earlier process from store {}", swept, name);
    }
  }

  private Result openAndProbe(ImageStore definition) {
    String name = definition.getMetadata().getName();
    Optional<BlobStore> opened = Optional.empty();
    try {
      BlobStore store = drivers.open(definition);
      opened = Optional.of(store);
      sweep(name, store);
      return probe(name, store);
    } catch (PrerequisiteException e) {
      return new Result(Optional.empty(), UNKNOWN, Optional.of(ofStore(name, e)));
    } catch (StoreException | RuntimeException e) {
      opened.ifPresent(BlobStore::close);
      return new Result(Optional.empty(), UNKNOWN, Optional.of(Failures.ofStore(name, e)));
    }
  }

  private static Failure ofStore(String name, PrerequisiteException held) {
    return Failure.of(held.failure().reason(), "Store " + name + ": " + held.failure().message());
  }

  private static Result probe(String name, BlobStore store) {
    try {
      return new Result(Optional.of(store), store.probe(), Optional.empty());
    } catch (StoreException | RuntimeException e) {
      return new Result(Optional.of(store), UNKNOWN, Optional.of(Failures.ofStore(name, e)));
    }
  }

  private Result silent(ImageStore store) {
    return new Result(
        stores.find(store.getMetadata().getName()).flatMap(StoreRegistry.Entry::store),
        UNKNOWN,
        Optional.of(
            Failure.of(
                Reason.STORE_UNAVAILABLE,
                "Store "
                    + store.getMetadata().getName()
                    + " did not answer a probe for "
                    + PATIENCE.toSeconds()
                    + " seconds.")));
  }
}
