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
 * One reading of a source into the missing targets, with its journal. Closing it leaves either
 * nothing, or writes that are suspended and a journal that leads to them: the latter when another
 * attempt may follow.
 */
final class Attempt implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken stop;
  private final CancellationToken pass;
  private final PendingCopies copies;
  private Optional<CopyWrite> staged = Optional.empty();
  private Optional<JournalSink> recording = Optional.empty();
  private Optional<StagingTee> kept = Optional.empty();
  private boolean journalled;
  private PendingCopies.Ending ending = PendingCopies.Ending.ABORT;

  Attempt(
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
    this.meter = meter;
    this.stop = stop;
    this.pass = stop.child();
    this.copies = new PendingCopies(context, pass, preflight.missed());
  }

  /** Stops with the transfer, and when this fails. */
  CancellationToken stopSignal() {
    return pass;
  }

  /** Goes on with what is there. */
  void take(Resumption.Ground ground) {
    journalled = true;
    ground.targets().forEach(copies::add);
    ground.staged().ifPresent(this::stage);
  }

  /**
   * Keeps what is delivered, to go on with it: what is stored is something else.
   *
   * @param body of what is delivered
   * @param ground what it goes on with
   */
  void keep(TeeBody body, Optional<Resumption.Ground> ground) {
    if (tools.journal().isPresent() && body.head().validator().isPresent()) {
      TransferJournal journal = tools.journal().get();
      if (staged.isEmpty()) {
        stage(journal);
      }
      if (staged.isPresent()) {
        begin(journal, body.head(), ground)
            .ifPresent(begun -> kept = Optional.of(new StagingTee(staged.get(), begun, context)));
      }
    }
    if (kept.isPresent()) {
      // No lane's: they are handed what is stored.
      staged = Optional.empty();
      body.keepIn(kept.get());
    } else {
      body.letPass();
    }
  }

  /**
   * Reads the body, which it closes, and publishes what was read.
   *
   * @param intake that the body came through
   * @param stage that it enters once everything is open
   * @param ground what it goes on with
   */
  PublishedCopies run(
      SourceBody body, Intake intake, Progress.Stage stage, Optional<Resumption.Ground> ground)
      throws RefusedException, InterruptedException {
    try {
      Examination examination = Examination.of(request, intake);
      Facts found =
          new Pipeline(context, pass, meter, examination)
              .run(
                  body,
                  () -> {
                    List<Lane.Sink> sinks = open(body.head(), ground);
                    meter.stage(stage);
                    return sinks;
                  },
                  total -> recording.ifPresent(journal -> journal.ended(total)));
      Facts facts = found.with(intake.delivered(), intake.signer());
      stop.passPointOfNoReturn();
      meter.stage(Progress.Stage.PUBLISHING);
      return new PublishedCopies(
          facts, copies.publish(request, new CopyRecord(preflight.fingerprint(), facts)));
    } catch (RefusedException | InterruptedException | RuntimeException | Error e) {
      endedBy(e);
      throw e;
    }
  }

  /** It ended so; decides what is kept. */
  void endedBy(Throwable thrown) {
    boolean again = stop.stopped() ? stop.suspended() : mayGoOn(thrown);
    ending = again && journalled ? PendingCopies.Ending.SUSPEND : PendingCopies.Ending.ABORT;
  }

  @Override
  public void close() {
    copies.close(kept.isPresent() ? PendingCopies.Ending.ABORT : ending);
    staged.ifPresent(write -> write.close(ending, context));
    recording.ifPresent(JournalSink::close);
    kept.ifPresent(bytes -> bytes.close(ending));
    if (ending == PendingCopies.Ending.ABORT) {
      tools.journal().ifPresent(journal -> journal.discard(List.of(), context));
    }
  }

  /** The bytes of another version are of no use. */
  private static boolean mayGoOn(Throwable thrown) {
    if (!(thrown instanceof RefusedException refused)) {
      return true;
    }
    Reason reason = refused.failure().reason();
    return reason.recovery() == Reason.Recovery.RETRY && reason != Reason.SOURCE_CHANGED;
  }

  private List<Lane.Sink> open(SourceHead head, Optional<Resumption.Ground> ground)
      throws RefusedException {
    List<Target> begun = copies.sinks().stream().map(CopyWrite::target).toList();
    copies.open(preflight.missing().stream().filter(target -> !begun.contains(target)).toList());
    if (tools.journal().isPresent() && head.validator().isPresent()) {
      record(tools.journal().get(), head, ground);
    }
    List<Lane.Sink> sinks = new ArrayList<>(copies.sinks());
    staged.ifPresent(sinks::add);
    recording.ifPresent(sinks::add);
    return sinks;
  }

  private void record(
      TransferJournal journal, SourceHead head, Optional<Resumption.Ground> ground) {
    if (staged.isEmpty() && copies.sinks().stream().noneMatch(Attempt::remembers)) {
      stage(journal);
      if (staged.isEmpty()) {
        return;
      }
    }
    recording = begin(journal, head, ground);
  }

  /** Begins a journal of the writes that there are, and their checkpoints. */
  private Optional<JournalSink> begin(
      TransferJournal journal, SourceHead head, Optional<Resumption.Ground> ground) {
    List<JournalWrite> writes = new ArrayList<>();
    copies.sinks().forEach(copy -> entry(JournalWrite.Role.TARGET, copy).ifPresent(writes::add));
    staged.flatMap(write -> entry(JournalWrite.Role.STAGING, write)).ifPresent(writes::add);
    int partBytes =
        ground.map(before -> before.contents().partBytes()).orElseGet(journal::partBytes);
    PartSums known = ground.map(Resumption.Ground::parts).orElseGet(PartSums::new);
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
                    ground
                        .filter(Resumption.Ground::complete)
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

  /** No target remembers the bytes as they were delivered, so that the staging directory has to. */
  private void stage(TransferJournal journal) {
    Target bytes = journal.bytes();
    try {
      stage(bytes.store().open(bytes.key()));
    } catch (StoreException | RuntimeException e) {
      LOG.warn("Nothing can be staged; the import can't be resumed", e);
    }
  }

  private void stage(BlobWrite write) {
    // It may always be missed.
    staged =
        tools
            .journal()
            .map(
                journal ->
                    new CopyWrite(
                        journal.bytes(),
                        write,
                        new FailedTargets(1),
                        pass,
                        TransferObserver.Journey.UNOBSERVED));
  }

  private static Optional<JournalWrite> entry(JournalWrite.Role role, CopyWrite copy) {
    return copy.write()
        .token()
        .map(token -> new JournalWrite(role, copy.target().name(), copy.target().key(), token));
  }

  /** Whether it can be resumed, and read back then. */
  private static boolean remembers(CopyWrite copy) {
    try {
      return copy.write().token().isPresent() && copy.write().readBack(0, 0).isPresent();
    } catch (StoreException | RuntimeException e) {
      LOG.debug("Store {} can't be read back", copy.target().name(), e);
      return false;
    }
  }
}
