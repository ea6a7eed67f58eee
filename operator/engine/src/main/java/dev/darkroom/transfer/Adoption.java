package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.copy.CopyRecord;
import dev.darkroom.transfer.copy.CopyTransfer;
import dev.darkroom.transfer.copy.Preflight;
import dev.darkroom.transfer.copy.PublishedCopies;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.PriorCopies;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import dev.darkroom.transfer.model.TransferRequestBuilder;
import dev.darkroom.transfer.pipeline.ProgressMeter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adopts a verified copy under another key, see {@link PriorCopies}: reads it and fills the targets
 * from it. When that fails, the transfer reads its source.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** How many copies of a store are tried, the newest first. */
  private static final int MAX_TRIED = 3;

  /** A copy with its verified facts. */
  private record Found(CopySource.Copy copy, Facts facts) {}

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken token;

  Adoption(
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
    this.token = token;
  }

  /** Returns what was published; empty when no copy could be adopted. */
  Optional<PublishedCopies> run() throws RefusedException, InterruptedException {
    for (Found found :
        request.priorCopies().isPresent() ? find(request.priorCopies().get()) : none()) {
      String where = found.copy().target().name() + ": " + found.copy().target().key();
      try {
        PublishedCopies result = copying(found).from(List.of(found.copy()));
        LOG.info("Adopted the verified bytes in store {}", where);
        tools.journal().ifPresent(journal -> journal.discard(request.targets(), context));
        return Optional.of(result);
      } catch (RefusedException e) {
        token.throwIfCancelled();
        LOG.warn("The copy in store {} can't be adopted: {}", where, e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** Without the checksum: it is of the delivered bytes, and was compared when they came. */
  private CopyTransfer copying(Found found) {
    return new CopyTransfer(
        TransferRequestBuilder.builder(request).checksum(Optional.empty()).build(),
        preflight,
        found.facts(),
        context,
        meter,
        token,
        CopyTransfer.Way.READING,
        (store, health) -> {});
  }

  private static List<Found> none() {
    return List.of();
  }

  private List<Found> find(PriorCopies priorCopies) {
    Map<Target, StoreCall<List<Found>>> calls = new LinkedHashMap<>();
    for (Target target : preflight.missing()) {
      calls.put(
          target,
          StoreCall.start(
              context.threads(), target.name(), () -> find(priorCopies, target), late -> {}));
    }
    List<Found> all = new ArrayList<>();
    calls.forEach(
        (target, call) -> {
          try {
            all.addAll(call.await(context.timeouts().call(), token, context.timeouts().grace()));
          } catch (StoreCallException e) {
            LOG.warn("Store {} can't list its copies", target.name(), e);
          }
        });
    return all;
  }

  private static List<Found> find(PriorCopies priorCopies, Target target) throws StoreException {
    BlobStore store = target.store();
    try (Stream<Blob> blobs = store.list(priorCopies.prefix())) {
      return blobs
          .filter(blob -> !blob.key().equals(target.key()))
          .flatMap(blob -> fitting(priorCopies, target, blob).stream())
          .sorted(Comparator.comparing((Found f) -> f.copy().blob().publishedAt()).reversed())
          .limit(MAX_TRIED)
          .toList();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Optional<Found> fitting(PriorCopies priorCopies, Target target, Blob blob) {
    return CopyRecord.of(blob)
        .map(CopyRecord::facts)
        .filter(facts -> priorCopies.fits().test(blob, facts))
        .map(
            facts ->
                new Found(
                    new CopySource.Copy(
                        new Target(target.name(), target.store(), blob.key()), blob),
                    facts));
  }
}
