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
 * The checks before bytes flow: which targets have a verified copy, from where the others are
 * filled, and how much capacity they have.
 *
 * <p>A copy that was published for an equal request is adopted, whatever the outcome of its
 * transfer: the process may have died before it recorded one. The other targets are filled from it,
 * so that verified bytes are neither fetched twice nor replaced by bytes that the source has
 * changed since. Any other blob under a target's key is deleted.
 */
public final class Preflight {

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  /**
   * An adopted copy.
   *
   * @param target where it is
   * @param blob as the store describes it
   * @param facts as they were verified
   */
  public record Adopted(Target target, Blob blob, Facts facts) {}

  private final TransferRequest request;
  private final TransferContext context;
  private final CancellationToken token;
  private final String fingerprint;
  private final FailedTargets failedTargets;
  private final List<Adopted> adopted = new ArrayList<>();
  private final Map<Target, Headroom> missing = new LinkedHashMap<>();

  private Preflight(TransferRequest request, TransferContext context, CancellationToken token) {
    this.request = request;
    this.context = context;
    this.token = token;
    this.fingerprint = CopyRecord.fingerprint(request);
    this.failedTargets = new FailedTargets(request.targets().size() - request.minCopies());
  }

  /**
   * Checks every target, all at the same time; deletes blobs that are not adopted.
   *
   * @throws RefusedException when too many targets fail
   */
  public static Preflight of(
      TransferRequest request, TransferContext context, CancellationToken token)
      throws RefusedException {
    Preflight preflight = new Preflight(request, context, token);
    Map<Target, Optional<Blob>> published =
        preflight.ask(request.targets(), target -> target.store().stat(target.key()));
    published.forEach((target, blob) -> blob.ifPresent(found -> preflight.adopt(target, found)));
    List<Target> others =
        published.keySet().stream().filter(target -> !preflight.hasAdopted(target)).toList();
    preflight.missing.putAll(
        preflight.ask(others, target -> prepare(target, published.get(target))));
    return preflight;
  }

  /** The fingerprint of the request. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The targets that have failed while the transfer goes on. */
  public FailedTargets failedTargets() {
    return failedTargets;
  }

  /** The adopted copy that the missing ones are read from, if there is one. */
  public Optional<Adopted> original() {
    return adopted.stream().findFirst();
  }

  /** The adopted copies by the name of their target. */
  public Map<String, Blob> copies() {
    Map<String, Blob> copies = new LinkedHashMap<>();
    adopted.forEach(copy -> copies.put(copy.target().name(), copy.blob()));
    return copies;
  }

  /** The adopted copies, to read from. */
  public List<CopySource.Copy> adopted() {
    return adopted.stream().map(copy -> new CopySource.Copy(copy.target(), copy.blob())).toList();
  }

  /** The targets without a copy, except failed ones. */
  public List<Target> missing() {
    return missing.keySet().stream().filter(target -> !failedTargets.has(target.name())).toList();
  }

  /**
   * Compares the announced size with the capacity of the stores, and reserves it. A target without
   * capacity fails.
   *
   * @param present how many of the bytes a target has already
   * @throws RefusedException {@code STORE_FULL} when too many targets fail
   */
  public void requireCapacity(OptionalLong announced, ToLongFunction<Target> present)
      throws RefusedException {
    if (announced.isEmpty()) {
      return;
    }
    for (Target target : missing()) {
      Optional<Failure> full = full(target, announced.getAsLong(), present.applyAsLong(target));
      if (full.isPresent() && !failedTargets.add(target.name(), full.get())) {
        throw new RefusedException(full.get());
      }
    }
  }

  /** Why the bytes do not fit; empty when they are reserved. */
  private Optional<Failure> full(Target target, long announced, long present) {
    OptionalLong available = missing.get(target).availableBytes();
    if (available.isPresent() && available.getAsLong() < announced - present) {
      return Optional.of(
          Failure.of(
              Reason.STORE_FULL,
              "Store %s has %d bytes free, but the source announces %d."
                  .formatted(target.name(), available.getAsLong(), announced)));
    }
    return target
        .capacity()
        .reserve(target.key(), announced)
        .map(
            sentence ->
                Failures.ofStore(
                    target.name(), new StoreException(StoreException.Kind.FULL, sentence)));
  }

  /** Adopts a copy of this request that has the bytes of the copies adopted before it. */
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

  /** Where the facts of the bytes are known, the request that made the copy does not matter. */
  private boolean isWanted(CopyRecord copy, Blob blob) {
    return request.expected().isPresent()
        ? blob.attributes().entrySet().containsAll(request.attributes().entrySet())
        : copy.fingerprint().equals(fingerprint);
  }

  private boolean hasAdopted(Target target) {
    return adopted.stream().anyMatch(copy -> copy.target().equals(target));
  }

  private static Headroom prepare(Target target, Optional<Blob> leftover) throws StoreException {
    if (leftover.isPresent()) {
      LOG.info("Store {}: replacing an earlier copy at {}", target.name(), target.key());
      boolean unused = target.store().delete(target.key());
    }
    return target.store().probe();
  }

  /** A call of every store. */
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
      StoreTimeouts timeouts = context.timeouts();
      try {
        answers.put(
            entry.getKey(), entry.getValue().join(timeouts.call(), token, timeouts.grace()));
      } catch (RefusedException e) {
        if (!failedTargets.add(entry.getKey().name(), e.failure())) {
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
