package dev.darkroom.transfer;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.journal.JournalContents;
import dev.darkroom.transfer.journal.JournalWrite;
import dev.darkroom.transfer.journal.PartSums;
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
  private final Workshop workshop;
  private final SourceTools tools;
  private final Meter meter;
  private final StopSignal stop;
  private final StopSignal pass;
  private final PendingCopies copies;
  private Optional<CopyWrite> staged = Optional.empty();
  private Optional<Recording> recording = Optional.empty();
  private Optional<Keeping> kept = Optional.empty();
  private boolean journalled;
  private PendingCopies.Ending ending = PendingCopies.Ending.ABORT;

  Attempt(
      TransferRequest request,
      Preflight preflight,
      Workshop workshop,
      SourceTools tools,
      Meter meter,
      StopSignal stop) {
    this.request = request;
    this.preflight = preflight;
    this.workshop = workshop;
    this.tools = tools;
    this.meter = meter;
    this.stop = stop;
    this.pass = stop.child();
    this.copies = new PendingCopies(workshop, pass, preflight.missed());
  }

  /** Stops with the transfer, and when this fails. */
  StopSignal stopSignal() {
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
  void keep(KeptBody body, Optional<Resumption.Ground> ground) {
    if (tools.journal().isPresent() && body.head().validator().isPresent()) {
      ImportJournal journal = tools.journal().get();
      if (staged.isEmpty()) {
        stage(journal);
      }
      if (staged.isPresent()) {
        begin(journal, body.head(), ground)
            .ifPresent(begun -> kept = Optional.of(new Keeping(staged.get(), begun, workshop)));
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
          new Pass(workshop, pass, meter, examination)
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
    staged.ifPresent(write -> write.close(ending, workshop));
    recording.ifPresent(Recording::close);
    kept.ifPresent(bytes -> bytes.close(ending));
    if (ending == PendingCopies.Ending.ABORT) {
      tools.journal().ifPresent(journal -> journal.discard(List.of(), workshop));
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

  private void record(ImportJournal journal, SourceHead head, Optional<Resumption.Ground> ground) {
    if (staged.isEmpty() && copies.sinks().stream().noneMatch(Attempt::remembers)) {
      stage(journal);
      if (staged.isEmpty()) {
        return;
      }
    }
    recording = begin(journal, head, ground);
  }

  /** Begins a journal of the writes that there are, and their checkpoints. */
  private Optional<Recording> begin(
      ImportJournal journal, SourceHead head, Optional<Resumption.Ground> ground) {
    List<JournalWrite> writes = new ArrayList<>();
    copies.sinks().forEach(copy -> entry(JournalWrite.Role.TARGET, copy).ifPresent(writes::add));
    staged.flatMap(write -> entry(JournalWrite.Role.STAGING, write)).ifPresent(writes::add);
    int partBytes =
        ground.map(before -> before.contents().partBytes()).orElseGet(journal::partBytes);
    PartSums known = ground.map(Resumption.Ground::parts).orElseGet(PartSums::new);
    Optional<Recording> begun =
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
            .map(file -> new Recording(file, partBytes, known.size()));
    if (begun.isPresent()) {
      journalled = true;
      copies.sinks().forEach(CopyWrite::beginCheckpoints);
      staged.ifPresent(CopyWrite::beginCheckpoints);
    }
    return begun;
  }

  /** No target remembers the bytes as they were delivered, so that the staging directory has to. */
  private void stage(ImportJournal journal) {
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
                        new Missed(1),
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
