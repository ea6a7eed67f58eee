package dev.darkroom.controller;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImageImportStatusBuilder;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.ImportProgress;
import dev.darkroom.api.ImportResult;
import dev.darkroom.api.ImportSourceFacts;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.transfer.Facts;
import dev.darkroom.transfer.Failure;
import dev.darkroom.transfer.Outcome;
import dev.darkroom.transfer.Progress;
import dev.darkroom.transfer.QueuePlace;
import dev.darkroom.transfer.Reason;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Works out what the status of an ImageImport says next, from what it says now and what happened.
 * Each method gives a whole status; nothing here acts.
 */
final class ImportStatus {

  private static final String COMPLETE = "Complete";
  private static final String FAILED = "Failed";
  private static final String DONE = "Done";

  /** What comes before the bytes, each time that an attempt is begun or gone on with. */
  private static final Set<Progress.Stage> PREPARING =
      EnumSet.of(Progress.Stage.QUEUED, Progress.Stage.PREFLIGHT, Progress.Stage.RESUMING);

  private static final Set<ImportPhase> UNDER_WAY =
      EnumSet.of(
          ImportPhase.CONVERTING,
          ImportPhase.IMPORTING,
          ImportPhase.VALIDATING,
          ImportPhase.REPLICATING);

  private final ImageImport job;
  private final ImageImportStatus before;
  private final Clock clock;

  ImportStatus(ImageImport job, Clock clock) {
    this.job = job;
    this.before = Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    this.clock = clock;
  }

  /** Whether it ended, well or not. */
  static boolean finished(ImageImport job) {
    return job.getStatus() != null
        && (Conditions.isTrue(job.getStatus().conditions(), COMPLETE)
            || Conditions.isTrue(job.getStatus().conditions(), FAILED));
  }

  /** Whether it ended well. */
  static boolean succeeded(ImageImport job) {
    return job.getStatus() != null && Conditions.isTrue(job.getStatus().conditions(), COMPLETE);
  }

  /** A number of the attempt that begins now: the one that was cut off, or the next. */
  int nextAttempt() {
    boolean cutOff = before.attempts() > 0 && before.nextAttemptAt() == null;
    return cutOff ? before.attempts() : before.attempts() + 1;
  }

  /** An attempt begins. One that was cut off goes on, and does not tell of its beginning again. */
  ImageImportStatus begun(int attempt, List<String> stores) {
    if (isUnderWay() && attempt == before.attempts()) {
      return goingOn(before.stores().isEmpty() ? stores : names(before.stores())).build();
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .attempts(attempt)
        .startTime(before.startTime() == null ? now() : before.startTime())
        .nextAttemptAt(null)
        .progress(null)
        .stores(copies(stores, CopyState.PENDING))
        .conditions(
            conditions()
                .reconciling(Progression.QUEUED.apiName(), "The import waits for a free slot.")
                .list())
        .build();
  }

  /** The attempt waits for its slot. */
  ImageImportStatus queued(QueuePlace place) {
    if (isUnderWay()) {
      return goingOn(names(before.stores())).queuePosition(place.position()).build();
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column("Queued")
        .queuePosition(place.position())
        .progress(null)
        .conditions(conditions().reconciling(Progression.QUEUED.apiName(), sentence(place)).list())
        .build();
  }

  /** The attempt goes on. When no byte comes, how long for. */
  ImageImportStatus running(Progress progress) {
    ImageImportStatus moving = moving(progress);
    Optional<Duration> silence = ImportTimes.silence(progress, clock);
    return silence
        .map(
            age ->
                ImageImportStatusBuilder.builder(moving)
                    .column(Progression.STALLED.apiName())
                    .conditions(
                        conditions()
                            .reconciling(Progression.STALLED.apiName(), sentence(progress, age))
                            .list())
                    .build())
        .orElse(moving);
  }

  /** Whether it said that bytes were on their way, in an attempt that has not failed since. */
  private boolean isUnderWay() {
    return before.nextAttemptAt() == null
        && before.progress() != null
        && UNDER_WAY.contains(before.progress().stage());
  }

  /**
   * Whoever takes an attempt over from an operator that is gone asks the source and reads back what
   * is there. Until there are bytes again the status stays with what was said: it was that far.
   */
  private ImageImportStatusBuilder goingOn(List<String> stores) {
    Progression step = step(before.progress().stage());
    String column = before.column();
    return next()
        .phase(before.progress().stage())
        .column(Progression.STALLED.apiName().equals(column) ? step.apiName() : column)
        .stores(copies(stores, CopyState.COPYING))
        .conditions(conditions().reconciling(step.apiName(), sentence(step)).list());
  }

  private ImageImportStatus moving(Progress progress) {
    if (isUnderWay() && PREPARING.contains(progress.stage())) {
      return goingOn(names(before.stores()))
          .source(sourceFacts(progress).orElse(before.source()))
          .build();
    }
    ImportPhase phase = phase(progress.stage());
    Progression step = step(progress.stage());
    Optional<Integer> percent = percent(progress);
    return next()
        .phase(phase)
        .column(column(progress, step, percent))
        .progress(
            new ImportProgress(
                phase,
                progress.bytes(),
                boxed(progress.totalBytes()),
                percent.orElse(null),
                progress.bytesPerSecond(),
                progress.eta().map(Duration::toSeconds).orElse(null),
                now()))
        .source(sourceFacts(progress).orElse(before.source()))
        .stores(
            copies(
                names(before.stores()),
                progress.stage().compareTo(Progress.Stage.IMPORTING) < 0
                        && progress.stage() != Progress.Stage.RESUMING
                    ? CopyState.PENDING
                    : CopyState.COPYING))
        .conditions(conditions().reconciling(step.apiName(), sentence(step)).list())
        .build();
  }

  /** How far it is, after what it does where that is not the usual. */
  private static String column(Progress progress, Progression step, Optional<Integer> percent) {
    String far = percent.map(p -> p + "%").orElseGet(() -> Sizes.of(progress.bytes()));
    return switch (progress.stage()) {
      case IMPORTING -> far;
      case STAGING, CONVERTING -> step.apiName() + " " + far;
      default -> step.apiName();
    };
  }

  /** Verified copies are where they shall be. */
  ImageImportStatus succeeded(Outcome.Stored stored) {
    String message =
        "Verified bytes are in "
            + (stored.copies().size() == 1 ? "store " : "stores ")
            + stored.copies().keySet().stream().sorted().collect(Collectors.joining(", "))
            + "."
            + stored.missed().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(missed -> " Not in " + missed.getKey() + ": " + sentence(missed.getValue()))
                .collect(Collectors.joining());
    return next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(done(stored.facts().size()))
        .stores(stored(stored))
        .result(result(stored.facts()))
        .conditions(
            conditions()
                .ready(Progression.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, Progression.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** All that it should make was there already. */
  ImageImportStatus nothingToDo() {
    String message = "Every store has its copy already.";
    return next()
        .phase(ImportPhase.SUCCEEDED)
        .column(DONE)
        .startTime(before.startTime() == null ? now() : before.startTime())
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(List.of())
        .conditions(
            conditions()
                .ready(Progression.SUCCEEDED.apiName(), message)
                .setTrue(COMPLETE, Progression.SUCCEEDED.apiName(), message)
                .list())
        .build();
  }

  /** An object or a person is awaited; no attempt is counted. */
  ImageImportStatus waiting(Failure failure) {
    Conditions conditions = conditions();
    String reason = failure.reason().apiName();
    if (failure.reason() == Reason.SUSPENDED) {
      conditions.resting(reason, failure.message());
    } else {
      conditions.reconciling(reason, failure.message());
    }
    return next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        // An attempt that was suspended has left nothing in the stores.
        .stores(copies(names(before.stores()), CopyState.PENDING))
        .conditions(conditions.list())
        .build();
  }

  /** The attempt failed and another one follows. */
  ImageImportStatus retrying(Failure failure, Duration wait) {
    Instant at = clock.instant().plus(wait).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    String reason = failure.reason().apiName();
    return next()
        .phase(ImportPhase.QUEUED)
        .column(reason)
        .progress(null)
        .nextAttemptAt(at.toString())
        .stores(failedCopies())
        .conditions(
            conditions()
                .reconciling(
                    reason,
                    String.format(
                        Locale.ROOT,
                        "%s Attempt %d of %d failed; the next begins at %s.",
                        sentence(failure),
                        before.attempts(),
                        job.getSpec().backoffLimit() + 1,
                        at))
                .list())
        .build();
  }

  /** A spec that was changed after the end changes nothing; it was seen. */
  ImageImportStatus observed() {
    Long generation = job.getMetadata().getGeneration();
    return ImageImportStatusBuilder.builder(before)
        .observedGeneration(generation)
        .conditions(
            before.conditions().stream()
                .map(c -> new ConditionBuilder(c).withObservedGeneration(generation).build())
                .toList())
        .build();
  }

  /** Another attempt follows, in its time, and nothing else is in its way any more. */
  ImageImportStatus resumed() {
    return next()
        .column("Queued")
        .conditions(
            conditions()
                .reconciling(
                    Progression.QUEUED.apiName(),
                    "The next attempt begins at " + before.nextAttemptAt() + ".")
                .list())
        .build();
  }

  /** Whether the status is about the spec as it is now. */
  boolean isObserved() {
    return Objects.equals(before.observedGeneration(), job.getMetadata().getGeneration());
  }

  /** It is given up. */
  ImageImportStatus failed(Failure failure) {
    String reason = failure.reason().apiName();
    return next()
        .phase(ImportPhase.FAILED)
        .column(reason)
        .completionTime(now())
        .nextAttemptAt(null)
        .progress(null)
        .stores(failedCopies())
        .conditions(
            conditions()
                .stalled(reason, failure.message())
                .setTrue(FAILED, reason, failure.message())
                .list())
        .build();
  }

  /** The same with what the source said: an import that is quick ends before it tells of itself. */
  static ImageImportStatus withSource(ImageImportStatus status, Progress progress) {
    return sourceFacts(progress)
        .map(facts -> ImageImportStatusBuilder.builder(status).source(facts).build())
        .orElse(status);
  }

  private ImageImportStatusBuilder next() {
    return ImageImportStatusBuilder.builder(before)
        .queuePosition(null)
        .observedGeneration(job.getMetadata().getGeneration());
  }

  private Conditions conditions() {
    return Conditions.after(before.conditions(), job.getMetadata().getGeneration(), clock);
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private List<StoreCopy> failedCopies() {
    return copies(names(before.stores()), CopyState.FAILED);
  }

  private List<StoreCopy> stored(Outcome.Stored stored) {
    Stream<StoreCopy> made =
        stored.copies().entrySet().stream()
            .map(
                copy ->
                    new StoreCopy(
                        copy.getKey(), CopyState.AVAILABLE, copy.getValue().size(), now(), null));
    Stream<StoreCopy> missed =
        stored.missed().entrySet().stream()
            .map(
                miss ->
                    new StoreCopy(
                        miss.getKey(), CopyState.FAILED, null, null, miss.getValue().message()));
    return Stream.concat(made, missed).sorted(Comparator.comparing(StoreCopy::name)).toList();
  }

  private static List<String> names(List<StoreCopy> copies) {
    return copies.stream().map(StoreCopy::name).toList();
  }

  private static List<StoreCopy> copies(List<String> stores, CopyState state) {
    return stores.stream().map(name -> new StoreCopy(name, state, null, null, null)).toList();
  }

  private ImportProgress done(long size) {
    return new ImportProgress(ImportPhase.SUCCEEDED, size, size, 100, null, null, now());
  }

  private static ImportResult result(Facts facts) {
    return new ImportResult(
        facts.sha256().toString(),
        Deliveries.byName(facts.digests()),
        facts.size(),
        boxed(facts.virtualSize()),
        facts.format().apiName(),
        Deliveries.of(facts).orElse(null));
  }

  private static Optional<ImportSourceFacts> sourceFacts(Progress progress) {
    return progress
        .head()
        .map(
            head ->
                new ImportSourceFacts(
                    head.location(),
                    boxed(head.length()),
                    head.validator().orElse(null),
                    head.acceptsRanges()));
  }

  /** Never 100 while bytes move: what comes after them has stages of its own. */
  private static Optional<Integer> percent(Progress progress) {
    if (progress.totalBytes().isEmpty() || progress.totalBytes().getAsLong() <= 0) {
      return Optional.empty();
    }
    double share = 100.0 * progress.bytes() / progress.totalBytes().getAsLong();
    return Optional.of((int) Math.max(0, Math.min(99, share)));
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static ImportPhase phase(Progress.Stage stage) {
    return switch (stage) {
      case QUEUED -> ImportPhase.QUEUED;
      case PREFLIGHT, RESUMING, STAGING -> ImportPhase.STAGING;
      case CONVERTING -> ImportPhase.CONVERTING;
      case IMPORTING -> ImportPhase.IMPORTING;
      case VALIDATING -> ImportPhase.VALIDATING;
      case PUBLISHING -> ImportPhase.REPLICATING;
    };
  }

  private static Progression step(Progress.Stage stage) {
    return switch (stage) {
      case QUEUED -> Progression.QUEUED;
      case PREFLIGHT -> Progression.PREFLIGHT;
      case RESUMING -> Progression.RESUMING;
      case STAGING -> Progression.STAGING;
      case CONVERTING -> Progression.CONVERTING;
      case IMPORTING -> Progression.IMPORTING;
      case VALIDATING -> Progression.VALIDATING;
      case PUBLISHING -> Progression.PUBLISHING;
    };
  }

  private static Progression step(ImportPhase phase) {
    return switch (phase) {
      case CONVERTING -> Progression.CONVERTING;
      case VALIDATING -> Progression.VALIDATING;
      case REPLICATING -> Progression.PUBLISHING;
      default -> Progression.IMPORTING;
    };
  }

  private static String sentence(Progression step) {
    return switch (step) {
      case QUEUED -> "The import waits for a free slot.";
      case PREFLIGHT -> "The source and the stores are asked.";
      case RESUMING -> "What an earlier attempt left is compared with its sums and read back.";
      case STAGING -> "Bytes are read and inspected before they are converted.";
      case CONVERTING -> "qemu-img converts the disk.";
      case IMPORTING -> "Bytes are read, digested, inspected and written.";
      case VALIDATING -> "All bytes are here; digest and format are compared.";
      default -> "The verdict is good; copies are made durable and visible.";
    };
  }

  private static String sentence(Progress progress, Duration silence) {
    String there = Sizes.of(progress.bytes());
    return "No byte has come for "
        + silence.toSeconds()
        + " s; "
        + (progress.totalBytes().isPresent()
            ? there + " of " + Sizes.of(progress.totalBytes().getAsLong()) + " are here."
            : there + " are here.");
  }

  private static String sentence(QueuePlace place) {
    return switch (place.limit()) {
      case SLOTS -> sentence(Progression.QUEUED);
      case STORE ->
          "The import waits for a free slot of store " + place.store().orElseThrow() + ".";
      case TENANT -> "The import waits for a free slot of its namespace.";
    };
  }

  private static String sentence(Failure failure) {
    String message = failure.message();
    return message.endsWith(".") ? message : message + ".";
  }
}
