package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyRecord;
import dev.darkroom.transfer.copy.CopyTransfer;
import dev.darkroom.transfer.copy.Preflight;
import dev.darkroom.transfer.copy.PublishedCopies;
import dev.darkroom.transfer.memory.Chunks;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Progress;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
final class TransferRun {

  private static final Logger LOG = LoggerFactory.getLogger(TransferRun.class);

  private final TransferRequest request;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken stop;
  private final BiConsumer<String, CopyHealth> found;

  /**
   * @param found is told what was found of a copy that was read, by its store's name
   */
  TransferRun(
      TransferRequest request,
      TransferContext context,
      SourceTools tools,
      ProgressMeter meter,
      CancellationToken stop,
      BiConsumer<String, CopyHealth> found) {
    this.request = request;
    this.context = context;
    this.tools = tools;
    this.meter = meter;
    this.stop = stop;
    this.found = found;
  }

  /** Does it all; never throws. */
  Outcome run() {
    Map<String, Blob> copies = Map.of();
    try {
      Outcome.Stored stored = attempt();
      copies = stored.copies();
      return stored;
    } catch (Throwable t) {
      // The first cause stays; only where there is none, what was thrown is one.
      return stop.outcome().orElseGet(() -> new Outcome.Failed(Failures.of(t)));
    } finally {
      settleRooms(copies);
    }
  }

  /** What was reserved is either used now or free again. */
  private void settleRooms(Map<String, Blob> copies) {
    for (Target target : request.targets()) {
      Blob blob = copies.get(target.name());
      if (blob == null) {
        target.room().release(target.key());
      } else {
        target.room().published(target.key(), blob.size());
      }
    }
  }

  private Outcome.Stored attempt() throws RefusedException, InterruptedException {
    stop.requireNotStopped();
    meter.stage(Progress.Stage.PREFLIGHT);
    Preflight preflight = Preflight.of(request, context, stop);
    Optional<Facts> known = preflight.original().map(Preflight.Adopted::facts);
    Map<String, Blob> blobs = preflight.copies();
    if (known.isPresent()) {
      // Verified bytes are worth more than what was begun before.
      tools.journal().ifPresent(journal -> journal.discard(request.targets(), context));
    }
    if (preflight.missing().isEmpty()) {
      return new Outcome.Stored(known.orElseThrow(), blobs, preflight.missed().failures());
    }
    PublishedCopies result;
    if (known.isPresent()) {
      result = copying(asStored(known.get()), preflight, known.get()).from(preflight.adopted());
    } else if (request.source() instanceof CopySource source) {
      Facts facts = factsOf(source);
      requireWanted(facts);
      result = copying(request, preflight, facts).from(source.copies());
    } else {
      Optional<PublishedCopies> inherited =
          new Adoption(request, preflight, context, tools, meter, stop).run();
      result =
          inherited.isPresent()
              ? inherited.get()
              : new SourceTransfer(request, preflight, context, tools, meter, stop).run();
    }
    blobs.putAll(result.blobs());
    return new Outcome.Stored(result.facts(), blobs, preflight.missed().failures());
  }

  private CopyTransfer copying(TransferRequest of, Preflight preflight, Facts facts) {
    return new CopyTransfer(
        of, preflight, facts, context, meter, stop, CopyTransfer.Way.QUICKEST, found);
  }

  /** A checksum of what was delivered was compared then; what is stored has another. */
  private TransferRequest asStored(Facts facts) {
    return facts.delivered().isPresent()
        ? TransferRequestBuilder.builder(request).checksum(Optional.empty()).build()
        : request;
  }

  /** Says no to a copy whose facts are not what the request asks for. */
  private void requireWanted(Facts facts) throws RefusedException {
    if (request.declaredFormat().isPresent() && request.declaredFormat().get() != facts.format()) {
      throw new RefusedException(
          Reason.FORMAT_MISMATCH,
          "declared as %s, but the copy is %s."
              .formatted(request.declaredFormat().get().apiName(), facts.format().apiName()));
    }
    if (request.checksum().isPresent()) {
      Checksum wanted = request.checksum().get();
      String found = facts.digests().getOrDefault(wanted.algorithm(), wanted.hex());
      if (!found.equals(wanted.hex())) {
        throw new RefusedException(
            Reason.CHECKSUM_MISMATCH,
            "The checksum should be %s, but the copy has %s."
                .formatted(wanted, new Checksum(wanted.algorithm(), found)));
      }
    }
  }

  /** What the request says, or what is kept beside a copy. */
  private Facts factsOf(CopySource source) throws RefusedException {
    Optional<Facts> facts = request.expected();
    for (CopySource.Copy copy : source.copies()) {
      facts = facts.or(() -> CopyRecord.of(copy.blob()).map(CopyRecord::facts));
    }
    for (CopySource.Copy copy : source.copies()) {
      if (facts.isEmpty()) {
        facts = kept(copy.target());
      }
    }
    return facts.orElseThrow(
        () ->
            new RefusedException(
                Reason.INVALID_SOURCE, "Nobody knows what " + source.describe() + " should be."));
  }

  private Optional<Facts> kept(Target target) {
    try {
      return StoreCall.start(
              context.threads(), target.name(), () -> target.store().stat(target.key()), late -> {})
          .await(context.patience().call(), stop, context.patience().grace())
          .flatMap(CopyRecord::of)
          .map(CopyRecord::facts);
    } catch (StoreCallException e) {
      LOG.warn("Store {} does not say what its copy is", target.name(), e);
      return Optional.empty();
    }
  }
}
