package dev.darkroom.transfer;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyRecord;
import dev.darkroom.transfer.copy.CopyWrite;
import dev.darkroom.transfer.copy.FailedTargets;
import dev.darkroom.transfer.copy.PendingCopies;
import dev.darkroom.transfer.copy.Preflight;
import dev.darkroom.transfer.copy.PublishedCopies;
import dev.darkroom.transfer.intake.Intake;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferObserver;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.pipeline.Examination;
import dev.darkroom.transfer.pipeline.Lane;
import dev.darkroom.transfer.pipeline.Pipeline;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import dev.darkroom.transfer.resume.JournalContents;
import dev.darkroom.transfer.resume.JournalSink;
import dev.darkroom.transfer.resume.JournalWrite;
import dev.darkroom.transfer.resume.PartSums;
import dev.darkroom.transfer.resume.Resumption;
import dev.darkroom.transfer.resume.StagingTee;
import dev.darkroom.transfer.resume.TeeBody;
import dev.darkroom.transfer.resume.TransferJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a transfer: reads a source into the missing targets, with a journal. {@link
 * #close} removes everything unpublished or, when another attempt can resume, suspends the writes
 * and keeps the journal.
 */
final class Attempt implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken transferToken;
  private final CancellationToken token;
  private final PendingCopies copies;
  private Optional<CopyWrite> staged = Optional.empty();
  private Optional<JournalSink> journalSink = Optional.empty();
  private Optional<StagingTee> tee = Optional.empty();
  private boolean journalled;
  private PendingCopies.Ending ending = PendingCopies.Ending.ABORT;

  Attempt(
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
    this.meter = meter;
    this.transferToken = token;
    this.token = token.child();
    this.copies = new PendingCopies(context, this.token, preflight.failedTargets());
  }

  /** Cancelled with the transfer, and by a failure of this attempt. */
  CancellationToken token() {
    return token;
  }

  /** Resumes the writes of an earlier attempt. */
  void resumeFrom(Resumption.ResumePoint resumePoint) {
    journalled = true;
    resumePoint.targets().forEach(copies::add);
    resumePoint.staged().ifPresent(this::stage);
  }

  /**
   * Stages the delivered bytes, because the stored bytes differ.
   *
   * @param body of the delivered bytes
   * @param resumePoint of an earlier attempt
   */
  void stageDelivered(TeeBody body, Optional<Resumption.ResumePoint> resumePoint) {
    if (tools.journal().isPresent() && body.head().validator().isPresent()) {
      TransferJournal journal = tools.journal().get();
      if (staged.isEmpty()) {
        stage(journal);
      }
      if (staged.isPresent()) {
        begin(journal, body.head(), resumePoint)
            .ifPresent(begun -> tee = Optional.of(new StagingTee(staged.get(), begun, context)));
      }
    }
    if (tee.isPresent()) {
      // Not for a lane: lanes get the stored bytes.
      staged = Optional.empty();
      body.copyTo(tee.get());
    } else {
      body.passThrough();
    }
  }

  /**
   * Reads the body, closes it, and publishes the copies.
   *
   * @param intake of the body
   * @param stage to enter when all writes are open
   * @param resumePoint of an earlier attempt
   */
  PublishedCopies run(
      SourceBody body,
      Intake intake,
      Progress.Stage stage,
      Optional<Resumption.ResumePoint> resumePoint)
      throws RefusedException, InterruptedException {
    try {
      Examination examination = Examination.of(request, intake);
      Facts found =
          new Pipeline(context, token, meter, examination)
              .run(
                  body,
                  () -> {
                    List<Lane.Sink> sinks = open(body.head(), resumePoint);
                    meter.stage(stage);
                    return sinks;
                  },
                  total -> journalSink.ifPresent(journal -> journal.ended(total)));
      Facts facts = found.with(intake.delivered(), intake.signer());
      transferToken.passPointOfNoReturn();
      meter.stage(Progress.Stage.PUBLISHING);
      return new PublishedCopies(
          facts, copies.publish(request, new CopyRecord(preflight.fingerprint(), facts)));
    } catch (RefusedException | InterruptedException | RuntimeException | Error e) {
      endedBy(e);
      throw e;
    }
  }

  /** Takes the exception that ended the attempt, and decides whether the writes are suspended. */
  void endedBy(Throwable thrown) {
    boolean resumable =
        transferToken.cancelled() ? transferToken.suspended() : canResumeAfter(thrown);
    ending = resumable && journalled ? PendingCopies.Ending.SUSPEND : PendingCopies.Ending.ABORT;
  }

  @Override
  public void close() {
    copies.close(tee.isPresent() ? PendingCopies.Ending.ABORT : ending);
    staged.ifPresent(write -> write.close(ending, context));
    journalSink.ifPresent(JournalSink::close);
    tee.ifPresent(bytes -> bytes.close(ending));
    if (ending == PendingCopies.Ending.ABORT) {
      tools.journal().ifPresent(journal -> journal.discard(List.of(), context));
    }
  }

  /** Not after a change of the source: its bytes are of another version. */
  private static boolean canResumeAfter(Throwable thrown) {
    if (!(thrown instanceof RefusedException refused)) {
      return true;
    }
    Reason reason = refused.failure().reason();
    return reason.recovery() == Reason.Recovery.RETRY && reason != Reason.SOURCE_CHANGED;
  }

  private List<Lane.Sink> open(SourceHead head, Optional<Resumption.ResumePoint> resumePoint)
      throws RefusedException {
    List<Target> begun = copies.sinks().stream().map(CopyWrite::target).toList();
    copies.open(preflight.missing().stream().filter(target -> !begun.contains(target)).toList());
    if (tools.journal().isPresent() && head.validator().isPresent()) {
      record(tools.journal().get(), head, resumePoint);
    }
    List<Lane.Sink> sinks = new ArrayList<>(copies.sinks());
    staged.ifPresent(sinks::add);
    journalSink.ifPresent(sinks::add);
    return sinks;
  }

  private void record(
      TransferJournal journal, SourceHead head, Optional<Resumption.ResumePoint> resumePoint) {
    if (staged.isEmpty() && copies.sinks().stream().noneMatch(Attempt::canBeReadBack)) {
      stage(journal);
      if (staged.isEmpty()) {
        return;
      }
    }
    journalSink = begin(journal, head, resumePoint);
  }

  /** Begins a journal of all writes, and their checkpoints. */
  private Optional<JournalSink> begin(
      TransferJournal journal, SourceHead head, Optional<Resumption.ResumePoint> resumePoint) {
    List<JournalWrite> writes = new ArrayList<>();
    copies.sinks().forEach(copy -> entry(JournalWrite.Role.TARGET, copy).ifPresent(writes::add));
    staged.flatMap(write -> entry(JournalWrite.Role.STAGING, write)).ifPresent(writes::add);
    int partBytes =
        resumePoint.map(before -> before.contents().partBytes()).orElseGet(journal::partBytes);
    PartSums known = resumePoint.map(Resumption.ResumePoint::parts).orElseGet(PartSums::new);
    Optional<JournalSink> begun =
        journal
            .begin(
                new JournalContents(
                    journal.id(),
                    preflight.fingerprint(),
                    partBytes,
                    head.validator(),
                    head.length(),
                    writes,
                    known,
                    resumePoint
                        .filter(Resumption.ResumePoint::complete)
                        .map(complete -> OptionalLong.of(complete.position()))
                        .orElse(OptionalLong.empty())))
            .map(file -> new JournalSink(file, partBytes, known.size()));
    if (begun.isPresent()) {
      journalled = true;
      copies.sinks().forEach(CopyWrite::beginCheckpoints);
      staged.ifPresent(CopyWrite::beginCheckpoints);
    }
    return begun;
  }

  /** Opens a write in the staging directory, when no target lets the bytes be read back. */
  private void stage(TransferJournal journal) {
    Target bytes = journal.bytes();
    try {
      stage(bytes.store().open(bytes.key()));
    } catch (StoreException | RuntimeException e) {
      LOG.warn("Nothing can be staged; the transfer can't be resumed", e);
    }
  }

  private void stage(BlobWrite write) {
    // Its failure does not fail the transfer.
    staged =
        tools
            .journal()
            .map(
                journal ->
                    new CopyWrite(
                        journal.bytes(),
                        write,
                        new FailedTargets(1),
                        token,
                        TransferObserver.Recorder.NONE));
  }

  private static Optional<JournalWrite> entry(JournalWrite.Role role, CopyWrite copy) {
    return copy.write()
        .token()
        .map(token -> new JournalWrite(role, copy.target().name(), copy.target().key(), token));
  }

  /** Whether the write can be resumed, and its bytes read back then. */
  private static boolean canBeReadBack(CopyWrite copy) {
    try {
      return copy.write().token().isPresent() && copy.write().readBack(0, 0).isPresent();
    } catch (StoreException | RuntimeException e) {
      LOG.debug("Store {} can't be read back", copy.target().name(), e);
      return false;
    }
  }
}
