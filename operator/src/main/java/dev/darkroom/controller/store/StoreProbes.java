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
 * Probes every store at an interval. A probe runs on a thread of its own; a probe without a result
 * after 30 s makes the store unavailable.
 */
final class StoreProbes {

  /**
   * The result of a probe.
   *
   * @param store the open store; empty when it could not be opened
   * @param headroom the free space
   * @param trouble the failure; empty when the store works
   */
  record Result(Optional<BlobStore> store, Headroom headroom, Optional<Failure> trouble) {}

  /** The start and spec of the last probe, with the last result. */
  private record LastProbe(Instant startedAt, ImageStoreSpec of, Optional<Result> last) {}

  private static final Logger LOG = LoggerFactory.getLogger(StoreProbes.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Headroom UNKNOWN = new Headroom(OptionalLong.empty());
  private static final Failure OUTDATED =
      Failure.of(
          Reason.STORE_UNAVAILABLE,
          "The spec of the ImageStore has changed since the store was opened.");

  private final StoreTasks<Result> tasks = new StoreTasks<>("store-probe");
  private final Map<String, LastProbe> known = new ConcurrentHashMap<>();
  private final StoreRegistry stores;
  private final StoreFactory factory;
  private final Function<String, Optional<Set<String>>> unfinished;
  private final Clock clock;
  private final Consumer<String> onDone;

  /**
   * Probes nothing yet.
   *
   * @param unfinished the writes in a store that will be resumed; empty when they are not known now
   * @param onDone receives the name of a store when its probe ends
   */
  StoreProbes(
      StoreRegistry stores,
      StoreFactory factory,
      Function<String, Optional<Set<String>>> unfinished,
      Clock clock,
      Consumer<String> onDone) {
    this.stores = stores;
    this.factory = factory;
    this.unfinished = unfinished;
    this.clock = clock;
    this.onDone = onDone;
  }

  /**
   * Takes the result of a probe that ended, and starts a probe that is due.
   *
   * @return the time until the next call
   */
  Duration keepFresh(ImageStore store, Duration interval) {
    String name = store.getMetadata().getName();
    String id = store.getMetadata().getUid();
    Instant now = clock.instant();
    tasks.take(id).ifPresent(result -> take(store, result));
    stores.announce(store);
    stores.redefine(store);
    LastProbe state = known.get(name);
    boolean another = state == null || !Objects.equals(state.of().s3(), store.getSpec().s3());
    boolean due =
        state == null
            || (!tasks.knows(id) && (another || !state.startedAt().plus(interval).isAfter(now)));
    if (due) {
      // The result for another bucket or path does not count.
      known.put(
          name, new LastProbe(now, store.getSpec(), another ? Optional.empty() : state.last()));
      start(store, id);
      return TIMEOUT;
    }
    if (tasks.knows(id)) {
      if (!state.startedAt().plus(TIMEOUT).isAfter(now)) {
        take(store, withoutAnswer(store));
      }
      return TIMEOUT;
    }
    return Duration.between(now, state.startedAt().plus(interval));
  }

  /** The result of the last finished probe of the store. */
  Optional<Result> last(ImageStore store) {
    return Optional.ofNullable(known.get(store.getMetadata().getName())).flatMap(LastProbe::last);
  }

  /** Forgets the probes of a deleted store. */
  void forget(ImageStore store) {
    known.remove(store.getMetadata().getName());
  }

  private void take(ImageStore store, Result result) {
    String name = store.getMetadata().getName();
    known.computeIfPresent(
        name, (n, state) -> new LastProbe(state.startedAt(), state.of(), Optional.of(result)));
    stores.put(new StoreRegistry.Entry(store, result.store(), result.trouble()));
  }

  /** Holds the open store until the probe ends. */
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
          onDone.accept(name);
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
          factory.fits(open.get(), definition)
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
    // The volume may be mounted again, or the settings may have changed: open the store anew. The
    // old one is closed when the transfers that use it have ended.
    Result again = openAndProbe(definition);
    if (again.trouble().isEmpty() || result.trouble().get().equals(OUTDATED)) {
      return again;
    }
    again.store().ifPresent(BlobStore::close);
    return result;
  }

  /** Removes nothing while the writes to keep are not known. */
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
      BlobStore store = factory.open(definition);
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

  private Result withoutAnswer(ImageStore store) {
    return new Result(
        stores.find(store.getMetadata().getName()).flatMap(StoreRegistry.Entry::store),
        UNKNOWN,
        Optional.of(
            Failure.of(
                Reason.STORE_UNAVAILABLE,
                "Store "
                    + store.getMetadata().getName()
                    + " did not answer a probe for "
                    + TIMEOUT.toSeconds()
                    + " s.")));
  }
}
