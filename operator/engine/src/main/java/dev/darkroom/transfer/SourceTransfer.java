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
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bytes from the request's own source; where a journal is kept, from where an earlier
 * attempt came to, if what it stored is what was delivered. What follows from bytes of which some
 * were resumed is believed when it is good. When it is bad, it may be the fault of what was there,
 * so that all of it is thrown away and the bytes are read from the first one on.
 */
final class SourceTransfer {

  private static final Logger LOG = LoggerFactory.getLogger(SourceTransfer.class);

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

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final FetchOptions fetch;
  private final ProgressMeter meter;
  private final CancellationToken stop;

  SourceTransfer(
      TransferRequest request,
      Preflight preflight,
      TransferContext context,
      SourceTools tools,
      ProgressMeter meter,
      CancellationToken stop) {
    this.request = request;
    this.preflight = preflight;
    this.context = context;
    this.tools = tools;
    this.fetch = context.fetch();
    this.meter = meter;
    this.stop = stop;
  }

  PublishedCopies run() throws RefusedException, InterruptedException {
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
    if (tools.journal().isEmpty()) {
      return Optional.empty();
    }
    TransferJournal journal = tools.journal().get();
    Optional<JournalContents> contents =
        journal
            .find()
            // What is converted is not what was delivered.
            .filter(found -> request.delivery().convertTo().isEmpty())
            .filter(found -> found.fingerprint().equals(preflight.fingerprint()));
    Optional<Resumption.Ground> ground = Optional.empty();
    if (contents.isPresent()) {
      meter.stage(Progress.Stage.RESUMING);
      try {
        ground = new Resumption(contents.get(), journal, context, stop).take(preflight.missing());
      } catch (InterruptedException e) {
        if (!stop.suspended()) {
          journal.discard(request.targets(), context);
        }
        throw e;
      }
    }
    if (ground.isEmpty()) {
      journal.discard(request.targets(), context);
    }
    return ground;
  }

  private PublishedCopies fresh() throws RefusedException, InterruptedException {
    meter.stage(Progress.Stage.PREFLIGHT);
    meter.restart();
    try (Attempt attempt = new Attempt(request, preflight, context, tools, meter, stop);
        Intake intake = intake(attempt)) {
      Source source =
          intake.begin(from -> open(from, attempt), request.maxVirtualSize(), new Narration(meter));
      SourceBody body =
          source == request.source() ? delivered(intake, attempt) : converted(source, intake);
      return attempt.run(body, intake, Progress.Stage.IMPORTING, Optional.empty());
    }
  }

  /** The source's own bytes, expanded if they are compressed. */
  private SourceBody delivered(Intake intake, Attempt attempt)
      throws RefusedException, InterruptedException {
    SourceBody body = open(request.source(), attempt);
    try {
      meter.head(body.head());
      requireBytes(body.head());
      // Compressed or not: no disk is smaller than it is compressed.
      preflight.requireRoom(body.head().length(), target -> 0);
      return received(new TeeBody(body), intake, attempt, Optional.empty());
    } catch (RefusedException | RuntimeException | Error e) {
      body.close();
      stop.requireNotStopped();
      throw e;
    }
  }

  /** Bytes of this process's own. */
  private SourceBody converted(Source source, Intake intake)
      throws RefusedException, InterruptedException {
    try {
      SourceBody body = source.open();
      meter.restart(body.head().length());
      preflight.requireRoom(body.head().length(), target -> 0);
      return intake.receive(new CountedBody(body, meter::moved));
    } catch (SourceException e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private PublishedCopies resumed(Resumption.Ground ground)
      throws RefusedException, InterruptedException {
    meter.restart();
    try (Attempt attempt = new Attempt(request, preflight, context, tools, meter, stop);
        Intake intake = intake(attempt)) {
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
        Source unused =
            intake.begin(
                from -> open(from, attempt), request.maxVirtualSize(), new Narration(meter));
        body = replayed(ground, head, intake, attempt);
      } catch (RefusedException | InterruptedException | RuntimeException | Error e) {
        attempt.endedBy(e);
        throw e;
      }
      return attempt.run(body, intake, Progress.Stage.RESUMING, Optional.of(ground));
    }
  }

  /** What is there and what is not; both as delivered. */
  private SourceBody replayed(
      Resumption.Ground ground, SourceHead head, Intake intake, Attempt attempt)
      throws RefusedException, InterruptedException {
    SourceBody replay =
        new CountedBody(
            new ReplayBody(
                head, ground.read(context, stop), ground.position(), rest(ground, attempt)),
            meter::moved);
    attempt.stopSignal().whenStopped(replay::close);
    try {
      return received(new TeeBody(replay), intake, attempt, Optional.of(ground));
    } catch (RefusedException | RuntimeException | Error e) {
      replay.close();
      stop.requireNotStopped();
      throw e;
    }
  }

  /** What is to be stored; where it is not what is delivered, that is kept to go on with. */
  private static SourceBody received(
      TeeBody delivered, Intake intake, Attempt attempt, Optional<Resumption.Ground> ground)
      throws RefusedException {
    SourceBody body = intake.receive(delivered);
    if (!intake.changes()) {
      delivered.letPass();
    } else if (ground.map(there -> there.targets().isEmpty()).orElse(true)) {
      attempt.keep(delivered, ground);
    } else {
      throw new RefusedException(
          Reason.SOURCE_CHANGED, "What is there of it was written before it was to be expanded.");
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
        attempt.stopSignal());
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
    CancellationToken pass = attempt.stopSignal();
    return Optional.of(
        () -> {
          meter.stage(Progress.Stage.IMPORTING);
          try {
            SourceBody body =
                pass.interruptibly(() -> Fetch.open(request.source(), fetch, Optional.of(from)));
            meter.head(body.head());
            return new CountedBody(body, CountedBody.paying(context.throttle(), pass));
          } catch (InterruptedException e) {
            throw new SourceException(
                SourceException.Kind.UNAVAILABLE, "Interrupted before the source answered.", e);
          }
        });
  }

  /** As it is delivered; counted and paid for. */
  private SourceBody open(Source source, Attempt attempt)
      throws RefusedException, InterruptedException {
    CancellationToken pass = attempt.stopSignal();
    try {
      SourceBody body = pass.interruptibly(() -> Fetch.open(source, fetch, Optional.empty()));
      // From the first byte on that is waited for, which comes before the pass.
      pass.whenStopped(body::close);
      return new CountedBody(body, CountedBody.metered(meter, context.throttle(), pass));
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    } catch (InterruptedException e) {
      stop.requireNotStopped();
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private static void requireBytes(SourceHead head) throws RefusedException {
    if (head.length().isPresent() && head.length().getAsLong() == 0) {
      throw new RefusedException(Reason.SIZE_MISMATCH, "The source announces 0 bytes.");
    }
  }

  /** Has the meter follow a conversion. */
  private record Narration(ProgressMeter meter) implements Intake.Listener {

    @Override
    public void staging(SourceHead head) throws RefusedException {
      meter.head(head);
      requireBytes(head);
      meter.stage(Progress.Stage.STAGING);
    }

    @Override
    public void converting(long diskBytes) {
      meter.restart(OptionalLong.of(diskBytes));
      meter.stage(Progress.Stage.CONVERTING);
    }

    @Override
    public void converted(long bytes) {
      meter.reached(bytes);
    }
  }
}
