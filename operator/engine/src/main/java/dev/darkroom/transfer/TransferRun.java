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
 * The run of a transfer: preflight, read once, digest and inspect and fan out, verdict, publish.
 * Whatever the outcome, no store shows unverified bytes, and no unpublished bytes are left that the
 * next attempt can't resume.
 *
 * <p>Threads: {@link #run} reads and inspects on its caller's thread; each digest and each target
 * has a thread of its own. The reader waits for the slowest only when all chunks are in flight.
 *
 * <p>Memory: its {@link Chunks} and what the inspector captures (1.2 MiB at most), whatever the
 * size of the blob and the number of stores.
 */
final class TransferRun {

  private static final Logger LOG = LoggerFactory.getLogger(TransferRun.class);

  private final TransferRequest request;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken token;
  private final BiConsumer<String, CopyHealth> found;

  /**
   * @param found gets the health of a copy that was read, by the name of its store
   */
  TransferRun(
      TransferRequest request,
      TransferContext context,
      SourceTools tools,
      ProgressMeter meter,
      CancellationToken token,
      BiConsumer<String, CopyHealth> found) {
    this.request = request;
    this.context = context;
    this.tools = tools;
    this.meter = meter;
    this.token = token;
    this.found = found;
  }

  /** Runs the transfer; never throws. */
  Outcome run() {
    Map<String, Blob> copies = Map.of();
    try {
      Outcome.Stored stored = attempt();
      copies = stored.copies();
      return stored;
    } catch (Throwable t) {
      // The first cause of a cancellation wins over what it made fail.
      return token.outcome().orElseGet(() -> new Outcome.Failed(Failures.of(t)));
    } finally {
      settleCapacity(copies);
    }
  }

  /** Turns each reservation into used capacity, or frees it. */
  private void settleCapacity(Map<String, Blob> copies) {
    for (Target target : request.targets()) {
      Blob blob = copies.get(target.name());
      if (blob == null) {
        target.capacity().release(target.key());
      } else {
        target.capacity().published(target.key(), blob.size());
      }
    }
  }

  private Outcome.Stored attempt() throws RefusedException, InterruptedException {
    token.throwIfCancelled();
    meter.stage(Progress.Stage.PREFLIGHT);
    Preflight preflight = Preflight.of(request, context, token);
    Optional<Facts> known = preflight.original().map(Preflight.Adopted::facts);
    Map<String, Blob> blobs = preflight.copies();
    if (known.isPresent()) {
      // The missing targets are filled from verified bytes, not from a journal.
      tools.journal().ifPresent(journal -> journal.discard(request.targets(), context));
    }
    if (preflight.missing().isEmpty()) {
      return new Outcome.Stored(known.orElseThrow(), blobs, preflight.failedTargets().failures());
    }
    PublishedCopies result;
    if (known.isPresent()) {
      result = copying(asStored(known.get()), preflight, known.get()).from(preflight.adopted());
    } else if (request.source() instanceof CopySource source) {
      Facts facts = factsOf(source);
      requireWanted(facts);
      result = copying(request, preflight, facts).from(source.copies());
    } else {
      Optional<PublishedCopies> adopted =
          new Adoption(request, preflight, context, tools, meter, token).run();
      result =
          adopted.isPresent()
              ? adopted.get()
              : new SourceTransfer(request, preflight, context, tools, meter, token).run();
    }
    blobs.putAll(result.blobs());
    return new Outcome.Stored(result.facts(), blobs, preflight.failedTargets().failures());
  }

  private CopyTransfer copying(TransferRequest of, Preflight preflight, Facts facts) {
    return new CopyTransfer(
        of, preflight, facts, context, meter, token, CopyTransfer.Way.QUICKEST, found);
  }

  /** Without the checksum, if it is of delivered bytes that differ: it was compared then. */
  private TransferRequest asStored(Facts facts) {
    return facts.delivered().isPresent()
        ? TransferRequestBuilder.builder(request).checksum(Optional.empty()).build()
        : request;
  }

  /** Refuses a copy whose facts do not satisfy the request. */
  private void requireWanted(Facts facts) throws RefusedException {
    if (request.declaredFormat().isPresent() && request.declaredFormat().get() != facts.format()) {
      throw new RefusedException(
          Reason.FORMAT_MISMATCH,
          "The declared format is %s, but the copy is %s."
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

  /** The facts of the request, or those recorded beside a copy. */
  private Facts factsOf(CopySource source) throws RefusedException {
    Optional<Facts> facts = request.expected();
    for (CopySource.Copy copy : source.copies()) {
      facts = facts.or(() -> CopyRecord.of(copy.blob()).map(CopyRecord::facts));
    }
    for (CopySource.Copy copy : source.copies()) {
      if (facts.isEmpty()) {
        facts = recorded(copy.target());
      }
    }
    return facts.orElseThrow(
        () ->
            new RefusedException(
                Reason.INVALID_SOURCE, "The facts of " + source.describe() + " are not known."));
  }

  private Optional<Facts> recorded(Target target) {
    try {
      return StoreCall.start(
              context.threads(), target.name(), () -> target.store().stat(target.key()), late -> {})
          .await(context.timeouts().call(), token, context.timeouts().grace())
          .flatMap(CopyRecord::of)
          .map(CopyRecord::facts);
    } catch (StoreCallException e) {
      LOG.warn("Store {} can't describe its copy", target.name(), e);
      return Optional.empty();
    }
  }
}
