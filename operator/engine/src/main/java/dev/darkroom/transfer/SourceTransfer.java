package dev.darkroom.transfer;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.source.fetch.Fetch;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.Preflight;
import dev.darkroom.transfer.copy.PublishedCopies;
import dev.darkroom.transfer.intake.Intake;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.pipeline.CountedBody;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.resume.JournalContents;
import dev.darkroom.transfer.resume.ReplayBody;
import dev.darkroom.transfer.resume.Resumption;
import dev.darkroom.transfer.resume.TeeBody;
import dev.darkroom.transfer.resume.TransferJournal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transfers bytes from the source of the request. With a journal it resumes where an earlier
 * attempt ended. A good verdict on resumed bytes holds; a bad one may be the fault of the earlier
 * attempt, so that its bytes are removed and the source is read from the first byte.
 */
final class SourceTransfer {

  private static final Logger LOG = LoggerFactory.getLogger(SourceTransfer.class);

  /** Reasons that may be the fault of the bytes of an earlier attempt. */
  private static final Set<Reason> ABOUT_THE_BYTES =
      EnumSet.of(
          Reason.CHECKSUM_MISMATCH,
          Reason.FORMAT_MISMATCH,
          Reason.UNSAFE_IMAGE,
          Reason.UNKNOWN_FORMAT,
          Reason.VIRTUAL_SIZE_TOO_LARGE,
          Reason.SIZE_MISMATCH,
          Reason.SOURCE_CHANGED);

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final FetchOptions fetch;
  private final ProgressMeter meter;
  private final CancellationToken token;

  SourceTransfer(
      TransferRequest request,
      Preflight preflight,
      TransferContext context,
      SourceTools tools,
      ProgressMeter meter,
      CancellationToken token) {
    this.request = request;
    this.preflight = preflight;
    this.context = context;
    this.tools = tools;
    this.fetch = context.fetch();
    this.meter = meter;
    this.token = token;
  }

  /** Resumes if possible, and reads the source from the first byte otherwise. */
  PublishedCopies run() throws RefusedException, InterruptedException {
    Optional<Resumption.ResumePoint> resumePoint = findResumePoint();
    if (resumePoint.isPresent()) {
      try {
        return resumed(resumePoint.get());
      } catch (RefusedException e) {
        if (!ABOUT_THE_BYTES.contains(e.failure().reason())) {
          throw e;
        }
        LOG.warn(
            "Resumed bytes are refused; reads the source from the first byte: {}",
            e.failure().message());
      }
    }
    return readFromStart();
  }

  /** Finds the journal and the writes of an earlier attempt at an equal request. */
  private Optional<Resumption.ResumePoint> findResumePoint() throws InterruptedException {
    if (tools.journal().isEmpty()) {
      return Optional.empty();
    }
    TransferJournal journal = tools.journal().get();
    Optional<JournalContents> contents =
        journal
            .find()
            // A conversion stores other bytes than the journal records.
            .filter(found -> request.delivery().convertTo().isEmpty())
            .filter(found -> found.fingerprint().equals(preflight.fingerprint()));
    Optional<Resumption.ResumePoint> resumePoint = Optional.empty();
    if (contents.isPresent()) {
      meter.stage(Progress.Stage.RESUMING);
      try {
        resumePoint =
            new Resumption(contents.get(), journal, context, token).take(preflight.missing());
      } catch (InterruptedException e) {
        if (!token.suspended()) {
          journal.discard(request.targets(), context);
        }
        throw e;
      }
    }
    if (resumePoint.isEmpty()) {
      journal.discard(request.targets(), context);
    }
    return resumePoint;
  }

  private PublishedCopies readFromStart() throws RefusedException, InterruptedException {
    meter.stage(Progress.Stage.PREFLIGHT);
    meter.restart();
    try (Attempt attempt = new Attempt(request, preflight, context, tools, meter, token);
        Intake intake = intake(attempt)) {
      Source source =
          intake.begin(
              from -> open(from, attempt), request.maxVirtualSize(), new ConversionProgress(meter));
      SourceBody body =
          source == request.source() ? delivered(intake, attempt) : converted(source, intake);
      return attempt.run(body, intake, Progress.Stage.IMPORTING, Optional.empty());
    }
  }

  /** The body of the source, decompressed if it is compressed. */
  private SourceBody delivered(Intake intake, Attempt attempt)
      throws RefusedException, InterruptedException {
    SourceBody body = open(request.source(), attempt);
    try {
      meter.head(body.head());
      ConversionProgress.requireBytes(body.head());
      // Also for compressed bytes: a disk is not smaller than its compressed bytes.
      preflight.requireCapacity(body.head().length(), target -> 0);
      return received(new TeeBody(body), intake, attempt, Optional.empty());
    } catch (RefusedException | RuntimeException | Error e) {
      body.close();
      token.throwIfCancelled();
      throw e;
    }
  }

  /** The body of a converted file. */
  private SourceBody converted(Source source, Intake intake)
      throws RefusedException, InterruptedException {
    try {
      SourceBody body = source.open();
      meter.restart(body.head().length());
      preflight.requireCapacity(body.head().length(), target -> 0);
      return intake.receive(new CountedBody(body, meter::moved));
    } catch (SourceException e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private PublishedCopies resumed(Resumption.ResumePoint resumePoint)
      throws RefusedException, InterruptedException {
    meter.restart();
    try (Attempt attempt = new Attempt(request, preflight, context, tools, meter, token);
        Intake intake = intake(attempt)) {
      attempt.resumeFrom(resumePoint);
      JournalContents contents = resumePoint.contents();
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
        preflight.requireCapacity(contents.length(), resumePoint::present);
        Source unused =
            intake.begin(
                from -> open(from, attempt),
                request.maxVirtualSize(),
                new ConversionProgress(meter));
        body = replayed(resumePoint, head, intake, attempt);
      } catch (RefusedException | InterruptedException | RuntimeException | Error e) {
        attempt.endedBy(e);
        throw e;
      }
      return attempt.run(body, intake, Progress.Stage.RESUMING, Optional.of(resumePoint));
    }
  }

  /** The bytes of the earlier attempt and the rest, both as delivered. */
  private SourceBody replayed(
      Resumption.ResumePoint resumePoint, SourceHead head, Intake intake, Attempt attempt)
      throws RefusedException, InterruptedException {
    SourceBody replay =
        new CountedBody(
            new ReplayBody(
                head,
                resumePoint.read(context, token),
                resumePoint.position(),
                rest(resumePoint, attempt)),
            meter::moved);
    attempt.token().onCancel(replay::close);
    try {
      return received(new TeeBody(replay), intake, attempt, Optional.of(resumePoint));
    } catch (RefusedException | RuntimeException | Error e) {
      replay.close();
      token.throwIfCancelled();
      throw e;
    }
  }

  /** The bytes to be stored; the delivered bytes are staged where they differ. */
  private static SourceBody received(
      TeeBody delivered,
      Intake intake,
      Attempt attempt,
      Optional<Resumption.ResumePoint> resumePoint)
      throws RefusedException {
    SourceBody body = intake.receive(delivered);
    if (!intake.changes()) {
      delivered.passThrough();
    } else if (resumePoint.map(point -> point.targets().isEmpty()).orElse(true)) {
      attempt.stageDelivered(delivered, resumePoint);
    } else {
      throw new RefusedException(
          Reason.SOURCE_CHANGED,
          "The resumed bytes were written before the source was compressed.");
    }
    return body;
  }

  private Intake intake(Attempt attempt) {
    return new Intake(
        request.source(),
        request.checksum(),
        request.declaredFormat(),
        request.delivery(),
        tools.intake(),
        context.threads(),
        attempt.token());
  }

  /** The rest of the source; empty when the earlier attempt read all of it. */
  private Optional<ReplayBody.Rest> rest(Resumption.ResumePoint resumePoint, Attempt attempt) {
    if (resumePoint.complete()) {
      return Optional.empty();
    }
    Fetch.From from =
        new Fetch.From(
            resumePoint.position(),
            resumePoint.contents().validator().orElseThrow(),
            resumePoint.contents().length());
    CancellationToken token = attempt.token();
    return Optional.of(
        () -> {
          meter.stage(Progress.Stage.IMPORTING);
          try {
            SourceBody body =
                token.callInterruptibly(
                    () -> Fetch.open(request.source(), fetch, Optional.of(from)));
            meter.head(body.head());
            return new CountedBody(body, CountedBody.paying(context.throttle(), token));
          } catch (InterruptedException e) {
            throw new SourceException(
                SourceException.Kind.UNAVAILABLE, "Cancelled before the source answered.", e);
          }
        });
  }

  /** Opens a source; its bytes are counted, and its bandwidth is limited. */
  private SourceBody open(Source source, Attempt attempt)
      throws RefusedException, InterruptedException {
    CancellationToken token = attempt.token();
    try {
      SourceBody body = token.callInterruptibly(() -> Fetch.open(source, fetch, Optional.empty()));
      // At once: the pipeline registers the body only after its first bytes.
      token.onCancel(body::close);
      return new CountedBody(body, CountedBody.metered(meter, context.throttle(), token));
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    } catch (InterruptedException e) {
      this.token.throwIfCancelled();
      throw new RefusedException(Failures.ofSource(e));
    }
  }
}
