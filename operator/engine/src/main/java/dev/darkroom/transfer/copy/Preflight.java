package dev.darkroom.transfer.copy;

import dev.darkroom.store.Blob;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreTimeouts;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.CopySource;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.Target;
import dev.darkroom.transfer.model.TransferRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done before bytes flow: which targets hold a verified copy already, from where the
 * others are filled, and how much room they have.
 *
 * <p>A copy that was published for the very same request is adopted, whatever became of the attempt
 * that made it; its process may have died before it could say so. Where some targets have it and
 * some don't, the others are filled from it, so that verified bytes are neither fetched twice nor
 * given up for bytes that the source has replaced meanwhile. Anything else under a target's key is
 * a leftover and is deleted.
 */
public final class Preflight {

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  /**
   * A copy that is adopted.
   *
   * @param target where it is
   * @param blob what the store says of it
   * @param facts what was found when it was verified
   */
  public record Adopted(Target target, Blob blob, Facts facts) {}

  private final TransferRequest request;
  private final TransferContext context;
  private final CancellationToken stop;
  private final String fingerprint;
  private final FailedTargets missed;
  private final List<Adopted> adopted = new ArrayList<>();
  private final Map<Target, Headroom> missing = new LinkedHashMap<>();

  private Preflight(TransferRequest request, TransferContext context, CancellationToken stop) {
    this.request = request;
    this.context = context;
    this.stop = stop;
    this.fingerprint = CopyRecord.fingerprint(request);
    this.missed = new FailedTargets(request.targets().size() - request.minCopies());
  }

  /**
   * Looks into every target, all at the same time; deletes leftovers. A store that can't be used is
   * missed.
   *
   * @throws RefusedException when too many stores can't be used
   */
  public static Preflight of(
      TransferRequest request, TransferContext context, CancellationToken stop)
      throws RefusedException {
    Preflight preflight = new Preflight(request, context, stop);
    Map<Target, Optional<Blob>> published =
        preflight.ask(request.targets(), target -> target.store().stat(target.key()));
    published.forEach((target, blob) -> blob.ifPresent(found -> preflight.adopt(target, found)));
    List<Target> others =
        published.keySet().stream().filter(target -> !preflight.hasAdopted(target)).toList();
    preflight.missing.putAll(
        preflight.ask(others, target -> makeRoom(target, published.get(target))));
    return preflight;
  }

  /** What the copies are known by. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The targets that the transfer goes on without. */
  public FailedTargets missed() {
    return missed;
  }

  /** The adopted copy that the missing ones are to be read from, if there is one. */
  public Optional<Adopted> original() {
    return adopted.stream().findFirst();
  }

  /** The adopted copies by the name of their target. */
  public Map<String, Blob> copies() {
    Map<String, Blob> copies = new LinkedHashMap<>();
    adopted.forEach(copy -> copies.put(copy.target().name(), copy.blob()));
    return copies;
  }

  /** The same, to read from. */
  public List<CopySource.Copy> adopted() {
    return adopted.stream().map(copy -> new CopySource.Copy(copy.target(), copy.blob())).toList();
  }

  /** Where copies still have to be written. */
  public List<Target> missing() {
    return missing.keySet().stream().filter(target -> !missed.has(target.name())).toList();
  }

  /**
   * Compares what is announced with what there is room for. Stores without room are missed.
   *
   * @param there how much of it a target has already
   * @throws RefusedException {@code STORE_FULL} when it does not fit into as many as are needed
   */
  public void requireRoom(OptionalLong announced, ToLongFunction<Target> there)
      throws RefusedException {
    if (announced.isEmpty()) {
      return;
    }
    for (Target target : missing()) {
      Optional<Failure> full = full(target, announced.getAsLong(), there.applyAsLong(target));
      if (full.isPresent() && !missed.add(target.name(), full.get())) {
        throw new RefusedException(full.get());
      }
    }
  }

  /** Why the bytes do not fit; when they do, they are reserved. */
  private Optional<Failure> full(Target target, long announced, long there) {
    OptionalLong available = missing.get(target).availableBytes();
    if (available.isPresent() && available.getAsLong() < announced - there) {
      return Optional.of(
          Failure.of(
              Reason.STORE_FULL,
              "Store %s has room for %d bytes, but the source announces %d."
                  .formatted(target.name(), available.getAsLong(), announced)));
    }
    return target
        .room()
        .reserve(target.key(), announced)
        .map(
            sentence ->
                Failures.ofStore(
                    target.name(), new StoreException(StoreException.Kind.FULL, sentence)));
  }

  /** For this request, and the same bytes as those adopted before it. */
  private void adopt(Target target, Blob blob) {
    Optional<Facts> known =
        CopyRecord.of(blob)
            .filter(copy -> isWanted(copy, blob))
            .map(CopyRecord::facts)
            .filter(facts -> original().map(first -> first.facts().sameBytes(facts)).orElse(true))
            .filter(facts -> request.expected().map(facts::sameBytes).orElse(true));
    if (known.isPresent()) {
      LOG.info("Store {} has a verified copy at {} already", target.name(), target.key());
      adopted.add(new Adopted(target, blob, known.get()));
    }
  }

  /** Where it is known what the bytes are, it does not matter how they came there. */
  private boolean isWanted(CopyRecord copy, Blob blob) {
    return request.expected().isPresent()
        ? blob.attributes().entrySet().containsAll(request.attributes().entrySet())
        : copy.fingerprint().equals(fingerprint);
  }

  private boolean hasAdopted(Target target) {
    return adopted.stream().anyMatch(copy -> copy.target().equals(target));
  }

  private static Headroom makeRoom(Target target, Optional<Blob> leftover) throws StoreException {
    if (leftover.isPresent()) {
      LOG.info("Store {}: replacing an earlier copy at {}", target.name(), target.key());
      boolean unused = target.store().delete(target.key());
    }
    return target.store().probe();
  }

  /** What is asked of every store. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Target target) throws StoreException;
  }

  private <T> Map<Target, T> ask(List<Target> targets, Question<T> question)
      throws RefusedException {
    Map<Target, StoreCall<T>> calls = new LinkedHashMap<>();
    for (Target target : targets) {
      calls.put(
          target,
          StoreCall.start(
              context.threads(), target.name(), () -> question.ask(target), late -> {}));
    }
    Map<Target, T> answers = new LinkedHashMap<>();
    Optional<RefusedException> refused = Optional.empty();
    for (Map.Entry<Target, StoreCall<T>> entry : calls.entrySet()) {
      StoreTimeouts patience = context.patience();
      try {
        answers.put(entry.getKey(), entry.getValue().join(patience.call(), stop, patience.grace()));
      } catch (RefusedException e) {
        if (!missed.add(entry.getKey().name(), e.failure())) {
          refused = refused.or(() -> Optional.of(e));
        }
      }
    }
    if (refused.isPresent()) {
      throw refused.get();
    }
    return answers;
  }
}
