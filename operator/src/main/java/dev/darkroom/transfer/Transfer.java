package dev.darkroom.transfer;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.Blob;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * One run of the one path: preflight, read once, digest and inspect and fan out, verdict, publish.
 * However it ends, nothing unverified is visible in any store, and nothing unpublished is left.
 *
 * <p>Threads: {@link #run} reads and inspects on its caller's thread; each digest and each target
 * has one of its own. The reader waits for the slowest of them only when all chunks are in flight.
 *
 * <p>Memory: its {@link Chunks} and what the inspector captures (1.2 MiB at most), whatever the
 * size of the image and the number of stores.
 */
final class Transfer {

  private final TransferRequest request;
  private final Executor threads;
  private final Chunks chunks;
  private final Meter meter;
  private final StopSignal stop;

  Transfer(TransferRequest request, Executor threads, Chunks chunks, Meter meter, StopSignal stop) {
    this.request = request;
    this.threads = threads;
    this.chunks = chunks;
    this.meter = meter;
    this.stop = stop;
  }

  /** Does it all; never throws. */
  Outcome run() {
    try {
      return attempt();
    } catch (Throwable t) {
      return stoppedBy(t);
    }
  }

  private Outcome attempt() throws RefusedException, InterruptedException {
    stop.requireNotStopped();
    meter.stage(Progress.Stage.PREFLIGHT);
    Preflight preflight = Preflight.of(request);
    if (preflight.missing().isEmpty()) {
      return new Outcome.Stored(
          preflight.original().orElseThrow().facts(), preflight.copies(), Map.of());
    }
    try (PendingCopies copies = new PendingCopies(threads)) {
      Facts facts = bring(preflight, copies);
      stop.passPointOfNoReturn();
      meter.stage(Progress.Stage.PUBLISHING);
      CopyRecord record = new CopyRecord(preflight.fingerprint(), facts);
      Map<String, Blob> blobs = preflight.copies();
      blobs.putAll(copies.publish(request, record));
      return new Outcome.Stored(facts, blobs, Map.of());
    }
  }

  /** Reads the source into the copies; returns once everything about the bytes is proven. */
  private Facts bring(Preflight preflight, PendingCopies copies)
      throws RefusedException, InterruptedException {
    Examination examination = new Examination(request, preflight.original());
    OptionalLong announced;
    long total;
    try (SourceBody body = open(preflight.source())) {
      stop.whenStopped(body::close);
      meter.head(body.head());
      announced = body.head().length();
      if (announced.isPresent() && announced.getAsLong() == 0) {
        throw new RefusedException(Reason.SIZE_MISMATCH, "The source announces 0 bytes.");
      }
      preflight.requireRoom(announced);
      try (FanOut lanes = new FanOut(threads, stop, chunks.limit())) {
        total = receive(body, examination, preflight, copies, lanes);
      }
    }
    meter.stage(Progress.Stage.VALIDATING);
    return examination.conclude(total, announced);
  }

  private long receive(
      SourceBody body,
      Examination examination,
      Preflight preflight,
      PendingCopies copies,
      FanOut lanes)
      throws RefusedException, InterruptedException {
    try {
      for (Target target : preflight.missing()) {
        lanes.add(
            "Store " + target.name(),
            copies.open(target),
            thrown -> fail(Failures.ofStore(target.name(), thrown)));
      }
      for (Digester digester : examination.digesters()) {
        lanes.add(
            "Digest " + digester.algorithm().apiName(),
            digester,
            thrown -> fail(Failures.of(thrown)));
      }
      meter.stage(Progress.Stage.IMPORTING);
      long total = new Reader(body, examination, lanes, meter).readAll(chunks, stop);
      lanes.drain();
      return total;
    } catch (RefusedException | RuntimeException | Error e) {
      // Closes the source at once, and lets the lanes skip what they have not done yet.
      Outcome unused = stoppedBy(e);
      throw e;
    }
  }

  private SourceBody open(Source source) throws RefusedException, InterruptedException {
    try {
      return stop.interruptibly(source::open);
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    } catch (InterruptedException e) {
      if (stop.stopped()) {
        throw e;
      }
      throw new RefusedException(Failures.ofSource(e));
    }
  }

  private void fail(Failure failure) {
    boolean unused = stop.stop(new Outcome.Failed(failure));
  }

  /** The first cause stays; only where there is none, what was thrown is one. */
  private Outcome stoppedBy(Throwable thrown) {
    return stop.outcome()
        .orElseGet(
            () -> {
              fail(Failures.of(thrown));
              return stop.outcome().orElseGet(() -> new Outcome.Failed(Failures.of(thrown)));
            });
  }
}
