package dev.darkroom.controller.image;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scrubs the copies of images: reads each copy in full at an interval, and when the scrub
 * annotation asks for it. Findings go to the reconciler of the image. The image's status has the
 * time of the last scrub, and the staging directory has the position of a running one, so that a
 * restart continues. Thread-safe.
 */
public final class ScrubSchedule implements AutoCloseable {

  /**
   * A running scrub.
   *
   * @param image of the copy
   * @param uid of that image
   * @param target the copy
   * @param asked the value of the annotation when the scrub began
   */
  private record Reading(ResourceID image, String uid, Target target, Optional<String> asked) {}

  /**
   * A copy that was verified this recently is good enough for a corrupt one to be deleted. An older
   * verification is no proof: both copies may be corrupt.
   */
  static final Duration PROOF = ScrubTimes.PROOF;

  private static final Logger LOG = LoggerFactory.getLogger(ScrubSchedule.class);

  /** The states of a copy that may have bytes. */
  private static final Set<CopyState> READABLE =
      EnumSet.of(CopyState.AVAILABLE, CopyState.MISSING, CopyState.CORRUPT);

  /** The maximum number of running scrubs. */
  private static final int SLOTS = 4;

  /** The time between two checks of a store that is being opened. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final StoreRegistry stores;
  private final CopyFindings findings;
  private final ScrubObserver observer;
  private final Clock clock;
  private final Scrubs scrubs;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private final ScrubTimes times;

  /**
   * Prepares; scrubs nothing yet.
   *
   * @param observer observes the ends of scrubs
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
    this.times = new ScrubTimes(settings.scrubInterval());
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
   * Starts the scrubs that are due.
   *
   * @return the time until the next one is due
   */
  Duration goOn(Image image) {
    Instant now = clock.instant();
    boolean good = image.getStatus().stores().stream().anyMatch(ScrubTimes::isGood);
    Duration next = settings.scrubInterval();
    for (StoreCopy copy : image.getStatus().stores()) {
      // A corrupt copy beside a good one is replaced, and needs no scrub.
      if (READABLE.contains(copy.state()) && (ScrubTimes.isGood(copy) || !good)) {
        Instant due = times.due(image, copy, now);
        Duration left = Duration.between(now, due);
        if (!due.isAfter(now)) {
          // The end of a running scrub triggers a reconcile.
          left = start(image, copy.name()) ? next : untilOpen(copy.name());
        }
        next = left.compareTo(next) < 0 ? left : next;
      }
    }
    return next;
  }

  /**
   * The value of the annotation for which all copies have been scrubbed; the new or the old one.
   */
  Optional<String> answered(Image image) {
    Optional<String> asked = ScrubTimes.asked(image);
    boolean all =
        image.getStatus().stores().stream()
            .filter(copy -> READABLE.contains(copy.state()))
            .allMatch(copy -> times.answers(ScrubTimes.id(image, copy.name()), asked));
    return asked.isPresent() && all
        ? asked
        : Optional.ofNullable(image.getStatus().observedScrub());
  }

  /** Cancels the scrubs of an image that is deleted, and forgets its times. */
  void forget(Image image) {
    String prefix = image.getMetadata().getUid() + "/";
    times.forget(prefix);
    readings.keySet().stream()
        .filter(id -> id.startsWith(prefix))
        .forEach(
            id -> {
              boolean unused = scrubs.cancel(id);
            });
  }

  /** The time until the next check of a store that can not be read now. */
  private Duration untilOpen(String name) {
    boolean opening =
        stores
            .find(name)
            .filter(entry -> entry.trouble().isEmpty() && entry.store().isEmpty())
            .isPresent();
    return opening ? SOON : ScrubTimes.AGAIN;
  }

  /** Starts a scrub; whether one runs or is queued now. */
  private boolean start(Image image, String name) {
    String id = ScrubTimes.id(image, name);
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
            ScrubTimes.asked(image));
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
      LOG.debug("Scrubs are closed", e);
      readings.remove(id);
      stores.release(holder(id));
      return false;
    }
  }

  /** Called once for each scrub, by one thread at a time. */
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
    times.ended(id, new ScrubTimes.Ended(clock.instant(), reading.asked(), health));
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

  private static String holder(String id) {
    return "scrub/" + id;
  }

  /** Cancels all scrubs; their positions are kept in the staging directory, if there is one. */
  @Override
  public void close() {
    try {
      if (!scrubs.close(settings.shutdownTimeout())) {
        LOG.warn("A scrub has not ended in time: a store does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
