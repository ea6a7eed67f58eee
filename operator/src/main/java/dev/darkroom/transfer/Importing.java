package dev.darkroom.transfer;

import dev.darkroom.source.Fetch;
import dev.darkroom.source.FetchOptions;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.Blob;
import dev.darkroom.transfer.journal.JournalContents;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bytes from the request's own source; where a journal is kept, from where an earlier
 * attempt came to. What follows from bytes of which some were resumed is believed when it is good.
 * When it is bad, it may be the fault of what was there, so that all of it is thrown away and the
 * bytes are read from the first one on.
 */
final class Importing {

  private static final Logger LOG = LoggerFactory.getLogger(Importing.class);

  /** What can be wrong with bytes of which only some are of now. */
  private static final Set<Reason> ABOUT_THE_BYTES =
      EnumSet.of(
          Reason.CHECKSUM_MISMATCH,
          Reason.FORMAT_MISMATCH,
          Reason.UNSAFE_IMAGE,
          Reason.UNKNOWN_FORMAT,
          Reason.VIRTUAL_SIZE_TOO_LARGE,
          Reason.SIZE_MISMATCH,
          Reason.SOURCE_CHANGED);

  /**
   * What was brought.
   *
   * @param facts what was found
   * @param blobs what was published, by the target's name
   */
  record Result(Facts facts, Map<String, Blob> blobs) {}

  private final TransferRequest request;
  private final Preflight preflight;
  private final Workshop workshop;
  private final FetchOptions fetch;
  private final Meter meter;
  private final StopSignal stop;

  Importing(
      TransferRequest request,
      Preflight preflight,
      Workshop workshop,
      Meter meter,
      StopSignal stop) {
    this.request = request;
    this.preflight = preflight;
    this.workshop = workshop;
    this.fetch = workshop.fetch();
    this.meter = meter;
    this.stop = stop;
  }

  Result run() throws RefusedException, InterruptedException {
    Optional<Resumption.Ground> ground = ground();
    if (ground.isPresent()) {
      try {
        return resumed(ground.get());
      } catch (RefusedException e) {
        if (!ABOUT_THE_BYTES.contains(e.failure().reason())) {
          throw e;
        }
        LOG.warn("Begins again at the first byte: {}", e.failure().message());
      }
    }
    return fresh();
  }

  /** What an earlier attempt at the same request left, with the journal that leads to it. */
  private Optional<Resumption.Ground> ground() throws InterruptedException {
    if (workshop.journal().isEmpty()) {
      return Optional.empty();
    }
    ImportJournal journal = workshop.journal().get();
    Optional<JournalContents> contents =
        journal
            .find()
            .filter(found -> found.fingerprint().equals(preflight.fingerprint()))
            .filter(found -> found.partBytes() == workshop.chunks().bytesEach());
    Optional<Resumption.Ground> ground = Optional.empty();
    if (contents.isPresent()) {
      meter.stage(Progress.Stage.RESUMING);
      try {
        ground = new Resumption(contents.get(), journal, workshop, stop).take(preflight.missing());
      } catch (InterruptedException e) {
        if (!stop.suspended()) {
          journal.discard(request.targets(), workshop);
        }
        throw e;
      }
    }
    if (ground.isEmpty()) {
      journal.discard(request.targets(), workshop);
    }
    return ground;
  }

  private Result fresh() throws RefusedException, InterruptedException {
    meter.stage(Progress.Stage.PREFLIGHT);
    try (Attempt attempt = new Attempt(request, preflight, workshop, meter, stop)) {
      SourceBody body = open(attempt);
      try {
        meter.head(body.head());
        requireBytes(body.head().length());
        preflight.requireRoom(body.head().length(), target -> 0);
      } catch (RefusedException | RuntimeException | Error e) {
        body.close();
        attempt.endedBy(e);
        throw e;
      }
      return attempt.run(body, Progress.Stage.IMPORTING, Optional.empty());
    }
  }

  private Result resumed(Resumption.Ground ground) throws RefusedException, InterruptedException {
    try (Attempt attempt = new Attempt(request, preflight, workshop, meter, stop)) {
      attempt.take(ground);
      JournalContents contents = ground.contents();
      SourceHead head =
          new SourceHead(
              request.source().describe(),
              contents.length(),
              contents.validator(),
              true,
              Optional.empty());
      meter.head(head);
      SourceBody body;
      try {
        preflight.requireRoom(contents.length(), ground::there);
        body =
            new ReplayBody(
                head, ground.read(workshop, stop), ground.position(), rest(ground, attempt));
      } catch (RefusedException | RuntimeException | Error e) {
        attempt.endedBy(e);
        throw e;
      }
      return attempt.run(body, Progress.Stage.RESUMING, Optional.of(ground));
    }
  }

  /** The bytes that are not there; empty when all are. */
  private Optional<ReplayBody.Rest> rest(Resumption.Ground ground, Attempt attempt) {
    if (ground.complete()) {
      return Optional.empty();
    }
    Fetch.From from =
        new Fetch.From(
            ground.position(),
            ground.contents().validator().orElseThrow(),
            ground.contents().length());
    return Optional.of(
        () -> {
          meter.stage(Progress.Stage.IMPORTING);
          try {
            SourceBody body =
                attempt
                    .stopSignal()
                    .interruptibly(() -> Fetch.open(request.source(), fetch, Optional.of(from)));
            meter.head(body.head());
            return body;
          } catch (InterruptedException e) {
            throw new SourceException(
                SourceException.Kind.UNAVAILABLE, "Interrupted before the source answered.", e);
          }
        });
  }

  private SourceBody open(Attempt attempt) throws RefusedException, InterruptedException {
    try {
      return attempt
          .stopSignal()
          .interruptibly(() -> Fetch.open(request.source(), fetch, Optional.empty()));
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    } catch (InterruptedException e) {
      stop.requireNotStopped();
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private static void requireBytes(OptionalLong announced) throws RefusedException {
    if (announced.isPresent() && announced.getAsLong() == 0) {
      throw new RefusedException(Reason.SIZE_MISMATCH, "The source announces 0 bytes.");
    }
  }
}
