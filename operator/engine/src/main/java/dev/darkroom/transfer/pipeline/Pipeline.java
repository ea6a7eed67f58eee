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
 * One attempt to read the bytes: read once, inspected, digested, and fanned out. Nothing is written
 * before the first bytes have passed inspection.
 */
public final class Pipeline {

  /** Opens the sinks, after the first bytes have passed inspection. */
  @FunctionalInterface
  public interface Sinks {
    /** Opens them all. */
    List<? extends Lane.Sink> open() throws RefusedException, InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  private final TransferContext context;
  private final CancellationToken token;
  private final ProgressMeter meter;
  private final Examination examination;

  /**
   * @param token of this attempt only: a failure cancels it
   */
  public Pipeline(
      TransferContext context,
      CancellationToken token,
      ProgressMeter meter,
      Examination examination) {
    this.context = context;
    this.token = token;
    this.meter = meter;
    this.examination = examination;
  }

  /**
   * Reads the body to its end and closes it; returns after every check has passed.
   *
   * @param atEnd gets the number of bytes when every lane has consumed all of them
   * @throws RefusedException when a check fails, or the source or a needed store does
   * @throws InterruptedException when the attempt is cancelled
   */
  public Facts run(SourceBody body, Sinks sinks, LongConsumer atEnd)
      throws RefusedException, InterruptedException {
    token.onCancel(body::close);
    long total;
    OptionalLong announced;
    try (body;
        FanOut lanes = new FanOut(context, token)) {
      try {
        total = read(body, lanes, sinks);
        announced = body.head().length();
        atEnd.accept(total);
      } catch (RefusedException e) {
        finishChunks(e, lanes);
        throw firstCause(e);
      } catch (InterruptedException | RuntimeException | Error e) {
        throw firstCause(e);
      }
    }
    meter.stage(Progress.Stage.VALIDATING);
    return examination.conclude(total, announced);
  }

  /** Writes the bytes that were read, so that the next attempt need not fetch them again. */
  private static void finishChunks(RefusedException thrown, FanOut lanes) {
    if (thrown.failure().reason().recovery() == Reason.Recovery.RETRY) {
      try {
        lanes.drain();
      } catch (InterruptedException e) {
        LOG.debug("Cancelled before all bytes that were read were written", e);
      }
    }
  }

  /** Cancels the attempt: closes the source, and the lanes skip their chunks. */
  private RefusedException firstCause(Throwable thrown) throws InterruptedException {
    if (!(thrown instanceof InterruptedException) || !token.cancelled()) {
      boolean unused = token.cancel(new Outcome.Failed(Failures.of(thrown)));
    }
    if (token.outcome().orElseThrow() instanceof Outcome.Failed failed) {
      return new RefusedException(failed.failure());
    }
    throw new InterruptedException("the transfer was cancelled");
  }

  private long read(SourceBody body, FanOut lanes, Sinks sinks)
      throws RefusedException, InterruptedException {
    PipelineReader reader = new PipelineReader(body, examination, lanes);
    Chunk head = reader.head();
    boolean handedOver = false;
    try {
      examination.preview();
      for (Lane.Sink sink : sinks.open()) {
        lanes.add(sink);
      }
      for (Digester digester : examination.digesters()) {
        lanes.add(digester.sink(token));
      }
      handedOver = true;
    } finally {
      if (!handedOver) {
        head.release();
      }
    }
    long total = reader.rest(head);
    lanes.drain();
    return total;
  }
}
