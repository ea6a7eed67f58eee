package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * One run of the one path: preflight, read once, digest and inspect and fan out, verdict, publish.
 * However it ends, nothing unverified is visible in any store, and nothing unpublished is left that
 * is not kept to go on with.
 *
 * <p>Threads: {@link #run} reads and inspects on its caller's thread; each digest and each target
 * has one of its own. The reader waits for the slowest of them only when all chunks are in flight.
 *
 * <p>Memory: its {@link Chunks} and what the inspector captures (1.2 MiB at most), whatever the
 * size of the image and the number of stores.
 */
final class Transfer {

  private final TransferRequest request;
  private final Workshop workshop;
  private final Meter meter;
  private final StopSignal stop;
  private final BiConsumer<String, CopyHealth> found;

  /**
   * @param found is told what was found of a copy that was read, by its store's name
   */
  Transfer(
      TransferRequest request,
      Workshop workshop,
      Meter meter,
      StopSignal stop,
      BiConsumer<String, CopyHealth> found) {
    this.request = request;
    this.workshop = workshop;
    this.meter = meter;
    this.stop = stop;
    this.found = found;
  }

  /** Does it all; never throws. */
  Outcome run() {
    try {
      return attempt();
    } catch (Throwable t) {
      // The first cause stays; only where there is none, what was thrown is one.
      return stop.outcome().orElseGet(() -> new Outcome.Failed(Failures.of(t)));
    }
  }

  private Outcome attempt() throws RefusedException, InterruptedException {
    stop.requireNotStopped();
    meter.stage(Progress.Stage.PREFLIGHT);
    Preflight preflight = Preflight.of(request, workshop, stop);
    Optional<Facts> known = preflight.original().map(Preflight.Adopted::facts);
    Map<String, Blob> blobs = preflight.copies();
    if (known.isPresent()) {
      // Verified bytes are worth more than what was begun before.
      workshop.journal().ifPresent(journal -> journal.discard(request.targets(), workshop));
    }
    if (preflight.missing().isEmpty()) {
      return new Outcome.Stored(known.orElseThrow(), blobs, preflight.missed().failures());
    }
    Facts facts;
    if (known.isPresent()) {
      facts = known.get();
      blobs.putAll(copying(preflight, facts).from(preflight.adopted()));
    } else if (request.source() instanceof CopySource source) {
      facts = factsOf(source);
      blobs.putAll(copying(preflight, facts).from(source.copies()));
    } else {
      Importing importing = new Importing(request, preflight, workshop, meter, stop);
      Importing.Result result = importing.run();
      facts = result.facts();
      blobs.putAll(result.blobs());
    }
    return new Outcome.Stored(facts, blobs, preflight.missed().failures());
  }

  private Copying copying(Preflight preflight, Facts facts) {
    return new Copying(request, preflight, facts, workshop, meter, stop, found);
  }

  private Facts factsOf(CopySource source) throws RefusedException {
    return request
        .expected()
        .or(() -> CopyRecord.of(source.copies().get(0).blob()).map(CopyRecord::facts))
        .orElseThrow(
            () ->
                new RefusedException(
                    Reason.INVALID_SOURCE,
                    "Nobody knows what " + source.describe() + " should be."));
  }
}
