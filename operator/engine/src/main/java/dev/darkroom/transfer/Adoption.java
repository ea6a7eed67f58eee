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
 * Takes over what is there already under another key, see {@link PriorCopies}. Whatever goes wrong
 * with it, the bytes can still be brought from the request's own source.
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** So many of a store are tried, the last one that was published first. */
  private static final int TRIED = 3;

  /** A copy with what was found of it when it was verified. */
  private record Found(CopySource.Copy copy, Facts facts) {}

  private final TransferRequest request;
  private final Preflight preflight;
  private final TransferContext context;
  private final SourceTools tools;
  private final ProgressMeter meter;
  private final CancellationToken stop;

  Adoption(
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
  }

  /** What was published; empty when there was nothing, or nothing sound, to take over. */
  Optional<PublishedCopies> run() throws RefusedException, InterruptedException {
    for (Found found : request.heritage().isPresent() ? find(request.heritage().get()) : none()) {
      String where = found.copy().target().name() + ": " + found.copy().target().key();
      try {
        PublishedCopies result = copying(found).from(List.of(found.copy()));
        LOG.info("Took over the verified bytes in store {}", where);
        tools.journal().ifPresent(journal -> journal.discard(request.targets(), context));
        return Optional.of(result);
      } catch (RefusedException e) {
        stop.requireNotStopped();
        LOG.warn("What is in store {} can't be taken over: {}", where, e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The checksum is that of what was delivered then; it has been compared. */
  private CopyTransfer copying(Found found) {
    return new CopyTransfer(
        TransferRequestBuilder.builder(request).checksum(Optional.empty()).build(),
        preflight,
        found.facts(),
        context,
        meter,
        stop,
        CopyTransfer.Way.READING,
        (store, health) -> {});
  }

  private static List<Found> none() {
    return List.of();
  }

  private List<Found> find(PriorCopies heritage) {
    Map<Target, StoreCall<List<Found>>> calls = new LinkedHashMap<>();
    for (Target target : preflight.missing()) {
      calls.put(
          target,
          StoreCall.start(
              context.threads(), target.name(), () -> find(heritage, target), late -> {}));
    }
    List<Found> all = new ArrayList<>();
    calls.forEach(
        (target, call) -> {
          try {
            all.addAll(call.await(context.patience().call(), stop, context.patience().grace()));
          } catch (StoreCallException e) {
            LOG.warn("Store {} does not say what there is to take over", target.name(), e);
          }
        });
    return all;
  }

  private static List<Found> find(PriorCopies heritage, Target target) throws StoreException {
    BlobStore store = target.store();
    try (Stream<Blob> blobs = store.list(heritage.prefix())) {
      return blobs
          .filter(blob -> !blob.key().equals(target.key()))
          .flatMap(blob -> fitting(heritage, target, blob).stream())
          .sorted(Comparator.comparing((Found f) -> f.copy().blob().publishedAt()).reversed())
          .limit(TRIED)
          .toList();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Optional<Found> fitting(PriorCopies heritage, Target target, Blob blob) {
    return CopyRecord.of(blob)
        .map(CopyRecord::facts)
        .filter(facts -> heritage.fits().test(blob, facts))
        .map(
            facts ->
                new Found(
                    new CopySource.Copy(
                        new Target(target.name(), target.store(), blob.key()), blob),
                    facts));
  }
}
