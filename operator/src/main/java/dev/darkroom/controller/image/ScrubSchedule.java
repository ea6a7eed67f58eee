package dev.darkroom.controller.image;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.imageimport.ImportSources;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.store.CopyFindings;
import dev.darkroom.controller.store.CopyKey;
import dev.darkroom.controller.store.StoreRegistry;
import dev.darkroom.controller.support.LogContext;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.scrub.ScrubOptions;
import dev.darkroom.transfer.scrub.ScrubOptionsBuilder;
import dev.darkroom.transfer.scrub.ScrubRequest;
import dev.darkroom.transfer.scrub.ScrubStatus;
import dev.darkroom.transfer.scrub.Scrubs;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every copy read again from time to time, and when somebody asks for it. What is found is told
 * to the image's reconciler; when a copy was read last is in the image's status, and how far the
 * reading of one is in the staging directory, so that a restart begins nothing anew. Safe for use
 * by many threads.
 */
public final class ScrubSchedule implements AutoCloseable {

  /**
   * A copy that is to be read.
   *
   * @param image whose it is
   * @param uid of that image
   * @param target where it is
   * @param asked the value of the annotation, when it was begun
   */
  private record Reading(ResourceID image, String uid, Target target, Optional<String> asked) {}

  /**
   * How the last reading of a copy ended.
   *
   * @param at when
   * @param asked the value of the annotation that it was for
   * @param health what was found; empty when it was stopped
   */
  private record Ended(Instant at, Optional<String> asked, Optional<CopyHealth> health) {

    boolean told() {
      return health.filter(found -> !(found instanceof CopyHealth.Unreadable)).isPresent();
    }
  }

  /**
   * A copy that was read so long ago at most is good enough for a bad one to be deleted: one that
   * was not may have gone bad as well, and then two would be all that there is to mend it from.
   */
  static final Duration PROOF = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(ScrubSchedule.class);

  /** Of these there may be bytes; of the others none are expected. */
  private static final Set<CopyState> READABLE =
      EnumSet.of(CopyState.AVAILABLE, CopyState.MISSING, CopyState.CORRUPT);

  /** How many stores are read from at once. */
  private static final int SLOTS = 4;

  /** How long the interval of one copy may be longer or shorter than that of another. */
  private static final double JITTER = 0.1;

  /** What can't be read now, or is the only copy and bad, is tried again after this. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Looks again this soon at a store that is about to be opened. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final StoreRegistry stores;
  private final CopyFindings findings;
  private final ScrubObserver observer;
  private final Clock clock;
  private final Scrubs scrubs;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final Map<String, Ended> ended = new ConcurrentHashMap<>();

  /**
   * Reads nothing yet.
   *
   * @param observer hears what is found
   */
  public ScrubSchedule(
      OperatorSettings settings,
      StoreRegistry stores,
      CopyFindings findings,
      ScrubObserver observer,
      Clock clock) {
    this.settings = settings;
    this.stores = stores;
    this.findings = findings;
    this.observer = observer;
    this.clock = clock;
    this.scrubs =
        new Scrubs(
            ScrubOptionsBuilder.builder(ScrubOptions.defaults())
                .slots(SLOTS)
                .bytesPerSecond(settings.scrubBytesPerSecond())
                .staging(settings.staging())
                .build(),
            this::ended);
  }

  /**
   * Has the copies read that are due.
   *
   * @return when the next one is
   */
  Duration goOn(Image image) {
    Instant now = clock.instant();
    boolean good = image.getStatus().stores().stream().anyMatch(ScrubSchedule::isGood);
    Duration next = settings.scrubInterval();
    for (StoreCopy copy : image.getStatus().stores()) {
      // With a good copy somewhere, a bad one is replaced, not looked at again.
      if (READABLE.contains(copy.state()) && (isGood(copy) || !good)) {
        Instant due = due(image, copy, now);
        Duration left = Duration.between(now, due);
        if (!due.isAfter(now)) {
          // The end of one that runs is told.
          left = start(image, copy.name()) ? next : untilOpen(copy.name());
        }
        next = left.compareTo(next) < 0 ? left : next;
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
            .allMatch(copy -> answers(id(image, copy.name()), asked));
    return asked.isPresent() && all
        ? asked
        : Optional.ofNullable(image.getStatus().observedScrub());
  }

  /** Stops reading the copies of an image that is gone, and forgets what it knows of it. */
  void forget(Image image) {
    String prefix = image.getMetadata().getUid() + "/";
    ended.keySet().removeIf(id -> id.startsWith(prefix));
    readings.keySet().stream()
        .filter(id -> id.startsWith(prefix))
        .forEach(
            id -> {
              boolean unused = scrubs.cancel(id);
            });
  }

  private Instant due(Image image, StoreCopy copy, Instant now) {
    String id = id(image, copy.name());
    Optional<Ended> last = Optional.ofNullable(ended.get(id));
    Instant earliest = last.map(Ended::at).map(at -> at.plus(AGAIN)).orElse(Instant.EPOCH);
    Optional<String> asked = asked(image);
    boolean wanted =
        asked.isPresent()
            && !asked.get().equals(image.getStatus().observedScrub())
            && !answers(id, asked);
    if (wanted) {
      return last.map(Ended::asked).equals(Optional.of(asked)) ? earliest : now;
    }
    if (!isGood(copy)) {
      return earliest;
    }
    Duration interval = interval(id);
    if (isProofWanted(image) && interval.compareTo(PROOF) > 0) {
      interval = PROOF;
    }
    Instant regular =
        copy.verifiedAt() == null ? now : Instant.parse(copy.verifiedAt()).plus(interval);
    return regular.isAfter(earliest) ? regular : earliest;
  }

  /** A bad copy waits for a good one to be read. */
  private boolean isProofWanted(Image image) {
    return image.getStatus().stores().stream().anyMatch(copy -> copy.state() == CopyState.CORRUPT);
  }

  /** The same for a copy each time, and different from copy to copy. */
  private Duration interval(String id) {
    double share = 1 + JITTER * (Math.floorMod(id.hashCode(), 2001) / 1000.0 - 1);
    return Duration.ofMillis((long) (settings.scrubInterval().toMillis() * share));
  }

  /** A store that nobody has opened yet, as at the start, soon is. */
  private Duration untilOpen(String name) {
    boolean opening =
        stores
            .find(name)
            .filter(entry -> entry.trouble().isEmpty() && entry.store().isEmpty())
            .isPresent();
    return opening ? SOON : AGAIN;
  }

  /** Whether the copy is read now, or about to be. */
  private boolean start(Image image, String name) {
    String id = id(image, name);
    Optional<BlobStore> store =
        stores
            .find(name)
            .filter(entry -> entry.trouble().isEmpty())
            .flatMap(StoreRegistry.Entry::store);
    if (store.isEmpty()) {
      return false;
    }
    Reading reading =
        new Reading(
            ResourceID.fromResource(image),
            image.getMetadata().getUid(),
            new Target(name, store.get(), CopyKey.of(image)),
            asked(image));
    if (readings.putIfAbsent(id, reading) != null) {
      return true;
    }
    if (!stores.hold(holder(id), List.of(store.get()))) {
      readings.remove(id);
      return false;
    }
    try {
      return scrubs.submit(
          id,
          new ScrubRequest(reading.target(), ImportSources.facts(image)),
          LogContext.names(image));
    } catch (RejectedExecutionException e) {
      LOG.debug("Stopped before", e);
      readings.remove(id);
      stores.release(holder(id));
      return false;
    }
  }

  /** Called by one thread, once for each. */
  private void ended(String id) {
    Optional<ScrubStatus> status = scrubs.status(id);
    boolean unused = scrubs.forget(id);
    stores.release(holder(id));
    Reading reading = readings.get(id);
    if (reading == null) {
      return;
    }
    Optional<CopyHealth> health = status.flatMap(ScrubStatus::health);
    if (health.isEmpty()) {
      readings.remove(id);
      return;
    }
    observer.scrubbed(reading.target().name(), status.get().bytes(), health.get());
    Ended end = new Ended(clock.instant(), reading.asked(), health);
    ended.put(id, end);
    readings.remove(id);
    Optional<CopyFinding> finding = finding(health.get(), status.get().bytes());
    finding.ifPresentOrElse(
        found -> findings.tell(reading.uid(), reading.image(), reading.target().name(), found),
        () -> findings.nothingFound(reading.image()));
  }

  private Optional<CopyFinding> finding(CopyHealth health, long bytes) {
    if (health instanceof CopyHealth.Corrupt corrupt) {
      return Optional.of(new CopyFinding.Corrupt(corrupt.found()));
    }
    if (health instanceof CopyHealth.Missing) {
      return Optional.of(new CopyFinding.Missing());
    }
    return health instanceof CopyHealth.Good
        ? Optional.of(new CopyFinding.Sound(clock.instant().truncatedTo(ChronoUnit.SECONDS), bytes))
        : Optional.empty();
  }

  private boolean answers(String id, Optional<String> asked) {
    return Optional.ofNullable(ended.get(id))
        .filter(Ended::told)
        .filter(last -> last.asked().equals(asked))
        .isPresent();
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

  private static String holder(String id) {
    return "scrub/" + id;
  }

  /** Reads nothing more; where there is staging, it is written down how far it is. */
  @Override
  public void close() {
    try {
      if (!scrubs.close(settings.shutdownTimeout())) {
        LOG.warn("Copies are still being read: a store does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
