package dev.darkroom.controller;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.Checksum;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every copy read again from time to time, and when somebody asks for it: one copy of each
 * store at a time, so that a store that hangs hangs nobody else. What is found is told to the
 * image's reconciler; when a copy was read last is in the image's status, so that a restart begins
 * nothing anew but the copy that was being read. Safe for use by many threads.
 */
final class Scrub implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  /** Of these there may be bytes; of the others none are expected. */
  private static final Set<CopyState> READABLE =
      EnumSet.of(CopyState.AVAILABLE, CopyState.MISSING, CopyState.CORRUPT);

  /** How long the interval of one copy may be longer or shorter than that of another. */
  private static final double JITTER = 0.1;

  /** What can't be read now, or is the only copy and bad, is tried again after this. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Map<String, ThreadPoolExecutor> threads = new ConcurrentHashMap<>();
  private final Set<String> pending = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> triedAt = new ConcurrentHashMap<>();

  /** For which value of the annotation a copy was read, by the id of the copy. */
  private final Map<String, String> answered = new ConcurrentHashMap<>();

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Workplace workplace;

  Scrub(Workplace workplace) {
    this.workplace = workplace;
  }

  /**
   * Has the copies read that are due.
   *
   * @return when the next one is
   */
  Duration goOn(Image image) {
    Instant now = workplace.clock().instant();
    boolean good = image.getStatus().stores().stream().anyMatch(Scrub::isGood);
    Duration next = workplace.settings().scrubInterval();
    for (StoreCopy copy : image.getStatus().stores()) {
      // With a good copy somewhere, a bad one is replaced, not looked at again.
      if (READABLE.contains(copy.state()) && (isGood(copy) || !good)) {
        Instant due = due(image, copy, now);
        if (due.isAfter(now)) {
          Duration left = Duration.between(now, due);
          next = left.compareTo(next) < 0 ? left : next;
        } else {
          start(image, copy.name());
        }
      }
    }
    return next;
  }

  /** The value of the annotation that all copies have been read for, old or new. */
  Optional<String> answered(Image image) {
    Optional<String> asked = asked(image);
    boolean all =
        image.getStatus().stores().stream()
            .filter(copy -> READABLE.contains(copy.state()))
            .allMatch(copy -> asked.equals(answer(id(image, copy.name()))));
    return asked.isPresent() && all
        ? asked
        : Optional.ofNullable(image.getStatus().observedScrub());
  }

  /** Forgets what it knows of an image that is gone. */
  void forget(Image image) {
    String prefix = image.getMetadata().getUid() + "/";
    answered.keySet().removeIf(id -> id.startsWith(prefix));
    triedAt.keySet().removeIf(id -> id.startsWith(prefix));
  }

  private Instant due(Image image, StoreCopy copy, Instant now) {
    String id = id(image, copy.name());
    Instant earliest =
        Optional.ofNullable(triedAt.get(id)).map(tried -> tried.plus(AGAIN)).orElse(Instant.MIN);
    Optional<String> asked = asked(image);
    boolean wanted =
        asked.isPresent()
            && !asked.get().equals(image.getStatus().observedScrub())
            && !asked.equals(answer(id));
    if (wanted) {
      return asked.equals(Optional.ofNullable(answered.get(id + "?"))) ? earliest : now;
    }
    if (!isGood(copy)) {
      return earliest;
    }
    Instant regular =
        copy.verifiedAt() == null ? now : Instant.parse(copy.verifiedAt()).plus(interval(id));
    return regular.isAfter(earliest) ? regular : earliest;
  }

  /** The same for a copy each time, and different from copy to copy. */
  private Duration interval(String id) {
    double share = 1 + JITTER * (Math.floorMod(id.hashCode(), 2001) / 1000.0 - 1);
    return Duration.ofMillis((long) (workplace.settings().scrubInterval().toMillis() * share));
  }

  private void start(Image image, String name) {
    String id = id(image, name);
    Optional<BlobStore> store =
        workplace
            .stores()
            .find(name)
            .filter(entry -> entry.trouble().isEmpty())
            .flatMap(OpenStores.Entry::store);
    String holder = "scrub/" + id;
    if (store.isEmpty() || !pending.add(id)) {
      return;
    }
    if (!workplace.stores().hold(holder, List.of(store.get()))) {
      pending.remove(id);
      return;
    }
    asked(image).ifPresent(value -> answered.put(id + "?", value));
    CopyCheck check =
        new CopyCheck(
            store.get(),
            ImportPlan.key(image),
            image.getStatus().size(),
            Checksum.parse(image.getStatus().digest()).orElseThrow(),
            workplace.settings().scrubBytesPerSecond(),
            stop,
            workplace.clock());
    ResourceID resource = ResourceID.fromResource(image);
    String uid = image.getMetadata().getUid();
    Optional<String> asked = asked(image);
    try {
      threads(name)
          .execute(
              () -> {
                Optional<CopyFinding> found = Optional.empty();
                try {
                  found = run(check, name);
                } finally {
                  triedAt.put(id, workplace.clock().instant());
                  found.ifPresent(f -> asked.ifPresent(value -> answered.put(id, value)));
                  pending.remove(id);
                  workplace.stores().release(holder);
                  found.ifPresent(f -> workplace.findings().tell(uid, resource, name, f));
                }
              });
    } catch (RejectedExecutionException e) {
      pending.remove(id);
      workplace.stores().release(holder);
    }
  }

  private static Optional<CopyFinding> run(CopyCheck check, String store) {
    try {
      return check.run();
    } catch (StoreException e) {
      LOG.info("The copy {} in store {} can't be checked now", check.key(), store, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("Checking the copy {} in store {} failed", check.key(), store, e);
    }
    return Optional.empty();
  }

  private ThreadPoolExecutor threads(String store) {
    return threads.computeIfAbsent(
        store,
        name -> {
          ThreadPoolExecutor one =
              new ThreadPoolExecutor(
                  1,
                  1,
                  30,
                  TimeUnit.SECONDS,
                  new LinkedBlockingQueue<>(),
                  task -> {
                    Thread thread = new Thread(task, "scrub-" + name);
                    thread.setDaemon(true);
                    return thread;
                  });
          one.allowCoreThreadTimeOut(true);
          return one;
        });
  }

  private Optional<String> answer(String id) {
    return Optional.ofNullable(answered.get(id));
  }

  private static Optional<String> asked(Image image) {
    return Optional.ofNullable(image.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(ApiGroup.SCRUB_ANNOTATION));
  }

  private static boolean isGood(StoreCopy copy) {
    return copy.state() == CopyState.AVAILABLE;
  }

  private static String id(Image image, String store) {
    return Objects.requireNonNull(image.getMetadata().getUid()) + "/" + store;
  }

  /** Reads nothing more. */
  @Override
  public void close() {
    stop.countDown();
    threads.values().forEach(ThreadPoolExecutor::shutdownNow);
  }
}
