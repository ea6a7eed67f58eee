package dev.darkroom.transfer.pipeline;

import dev.darkroom.source.SourceBody;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.memory.Chunk;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of the bytes: read once, inspected, digested, and fanned out. Nothing is written
 * before the first bytes have passed inspection.
 */
public final class Pipeline {

  /** Opens what is written to, when it is certain that something is to be written. */
  @FunctionalInterface
  public interface Sinks {
    List<? extends Lane.Sink> open() throws RefusedException, InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  private final TransferContext context;
  private final CancellationToken stop;
  private final ProgressMeter meter;
  private final Examination examination;

  /**
   * @param stop of this pass alone: it is stopped when the pass fails
   */
  public Pipeline(
      TransferContext context,
      CancellationToken stop,
      ProgressMeter meter,
      Examination examination) {
    this.context = context;
    this.stop = stop;
    this.meter = meter;
    this.examination = examination;
  }

  /**
   * Reads the body to its end, which it closes; returns once everything about the bytes is proven.
   *
   * @param atEnd told how many bytes there were when every lane has dealt with all of them
   * @throws RefusedException when it can't be proven
   * @throws InterruptedException when the pass is stopped, by a lane's failure too
   */
  public Facts run(SourceBody body, Sinks sinks, LongConsumer atEnd)
      throws RefusedException, InterruptedException {
    stop.whenStopped(body::close);
    long total;
    OptionalLong announced;
    try (body;
        FanOut lanes = new FanOut(context, stop)) {
      try {
        total = read(body, lanes, sinks);
        announced = body.head().length();
        atEnd.accept(total);
      } catch (RefusedException e) {
        finishWhatWasRead(e, lanes);
        throw firstCause(e);
      } catch (InterruptedException | RuntimeException | Error e) {
        throw firstCause(e);
      }
    }
    meter.stage(Progress.Stage.VALIDATING);
    return examination.conclude(total, announced);
  }

  /** Another attempt can go on after it, and need not fetch it again. */
  private static void finishWhatWasRead(RefusedException thrown, FanOut lanes) {
    if (thrown.failure().reason().recovery() == Reason.Recovery.RETRY) {
      try {
        lanes.drain();
      } catch (InterruptedException e) {
        LOG.debug("Stopped before all that was read was written", e);
      }
    }
  }

  /** Closes the source at once, and lets the lanes skip what they have not done yet. */
  private RefusedException firstCause(Throwable thrown) throws InterruptedException {
    if (!(thrown instanceof InterruptedException) || !stop.stopped()) {
      boolean unused = stop.stop(new Outcome.Failed(Failures.of(thrown)));
    }
    if (stop.outcome().orElseThrow() instanceof Outcome.Failed failed) {
      return new RefusedException(failed.failure());
    }
    throw new InterruptedException("the transfer was stopped");
  }

  private long read(SourceBody body, FanOut lanes, Sinks sinks)
      throws RefusedException, InterruptedException {
    PipelineReader reader = new PipelineReader(body, examination, lanes);
    Chunk head = reader.head();
    boolean handed = false;
    try {
      examination.preview();
      for (Lane.Sink sink : sinks.open()) {
        lanes.add(sink);
      }
      for (Digester digester : examination.digesters()) {
        lanes.add(digester.sink(stop));
      }
      handed = true;
    } finally {
      if (!handed) {
        head.release();
      }
    }
    long total = reader.rest(head);
    lanes.drain();
    return total;
  }
}
