package dev.darkroom.transfer;

import dev.darkroom.source.Source;
import dev.darkroom.store.Blob;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
final class Preflight {

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  /**
   * A copy that is adopted.
   *
   * @param target where it is
   * @param blob what the store says of it
   * @param facts what was found when it was verified
   */
  record Adopted(Target target, Blob blob, Facts facts) {}

  private final TransferRequest request;
  private final String fingerprint;
  private final List<Adopted> adopted = new ArrayList<>();
  private final Map<Target, Headroom> missing = new LinkedHashMap<>();

  private Preflight(TransferRequest request) {
    this.request = request;
    this.fingerprint = CopyRecord.fingerprint(request);
  }

  /**
   * Looks into every target; deletes leftovers.
   *
   * @throws RefusedException when a store can't be used
   */
  static Preflight of(TransferRequest request) throws RefusedException {
    Preflight preflight = new Preflight(request);
    for (Target target : request.targets()) {
      try {
        preflight.look(target);
      } catch (StoreException | RuntimeException | Error e) {
        throw new RefusedException(Failures.ofStore(target.name(), e));
      }
    }
    return preflight;
  }

  /** What the copies are known by. */
  String fingerprint() {
    return fingerprint;
  }

  /** The adopted copy that the missing ones are to be read from, if there is one. */
  Optional<Adopted> original() {
    return adopted.stream().findFirst();
  }

  /** The adopted copies by the name of their target. */
  Map<String, Blob> copies() {
    Map<String, Blob> copies = new LinkedHashMap<>();
    adopted.forEach(copy -> copies.put(copy.target().name(), copy.blob()));
    return copies;
  }

  /** Where copies still have to be written. */
  List<Target> missing() {
    return List.copyOf(missing.keySet());
  }

  /** What they are written from. */
  Source source() {
    return original()
        .<Source>map(copy -> new CopySource(copy.target(), copy.blob()))
        .orElse(request.source());
  }

  /**
   * Compares what is announced with what there is room for.
   *
   * @throws RefusedException {@code STORE_FULL} when it can't fit
   */
  void requireRoom(OptionalLong announced) throws RefusedException {
    if (announced.isEmpty()) {
      return;
    }
    for (Map.Entry<Target, Headroom> entry : missing.entrySet()) {
      OptionalLong available = entry.getValue().availableBytes();
      if (available.isPresent() && available.getAsLong() < announced.getAsLong()) {
        throw new RefusedException(
            Reason.STORE_FULL,
            "Store %s has room for %d bytes, but the source announces %d."
                .formatted(entry.getKey().name(), available.getAsLong(), announced.getAsLong()));
      }
    }
  }

  private void look(Target target) throws StoreException {
    Optional<Blob> published = target.store().stat(target.key());
    if (published.isPresent()) {
      Optional<Facts> known = CopyRecord.of(published.get()).flatMap(this::adoptable);
      if (known.isPresent()) {
        LOG.info("Store {} has a verified copy at {} already", target.name(), target.key());
        adopted.add(new Adopted(target, published.get(), known.get()));
        return;
      }
      LOG.info("Store {}: replacing an earlier copy at {}", target.name(), target.key());
      boolean unused = target.store().delete(target.key());
    }
    missing.put(target, target.store().probe());
  }

  /** For this request, and the same bytes as those adopted before it. */
  private Optional<Facts> adoptable(CopyRecord copy) {
    boolean same =
        copy.fingerprint().equals(fingerprint)
            && original().map(first -> first.facts().equals(copy.facts())).orElse(true);
    return same ? Optional.of(copy.facts()) : Optional.empty();
  }
}
