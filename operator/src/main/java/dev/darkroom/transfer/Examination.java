package dev.darkroom.transfer;

import dev.darkroom.format.Inspector;
import dev.darkroom.format.Verdict;
import dev.darkroom.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything that is asked of the bytes: inspected while they pass, digested on other threads, and
 * judged at the end. Belongs to one transfer's thread, but for the {@link #digesters}, each of
 * which a lane feeds until it has ended.
 */
final class Examination {

  private final TransferRequest request;
  private final Optional<Preflight.Adopted> original;
  private final Inspector inspector;
  private final List<Digester> digesters = new ArrayList<>();

  /**
   * @param original the verified copy that the bytes are read from, if they are: then all they have
   *     to be is the same
   */
  Examination(TransferRequest request, Optional<Preflight.Adopted> original) {
    this.request = request;
    this.original = original;
    this.inspector = Inspector.of(request.declaredFormat());
    Set<Checksum.Algorithm> algorithms = EnumSet.of(Checksum.Algorithm.SHA256);
    request.checksum().map(Checksum::algorithm).ifPresent(algorithms::add);
    algorithms.forEach(algorithm -> digesters.add(new Digester(algorithm)));
  }

  /** What must be fed with every byte, each by its own thread. */
  List<Digester> digesters() {
    return List.copyOf(digesters);
  }

  /**
   * Shows the inspector the next bytes.
   *
   * @throws RefusedException as soon as they can't turn out well
   */
  void inspect(ByteBuffer bytes) throws RefusedException {
    if (original.isPresent()) {
      return;
    }
    Optional<Verdict.Refused> refused;
    try {
      inspector.update(bytes);
      refused = inspector.early();
    } catch (RuntimeException e) {
      throw new RefusedException(Failures.ofInspector(e));
    }
    if (refused.isPresent()) {
      throw new RefusedException(Failures.of(refused.get()));
    }
  }

  /**
   * The last word, when every byte was inspected and digested.
   *
   * @param total how many there were
   * @param announced how many there should be
   * @throws RefusedException saying what is wrong with them
   */
  Facts conclude(long total, OptionalLong announced) throws RefusedException {
    if (total == 0) {
      throw new RefusedException(Reason.SIZE_MISMATCH, "The source gave 0 bytes.");
    }
    if (announced.isPresent() && announced.getAsLong() != total) {
      throw new RefusedException(
          Reason.SIZE_MISMATCH,
          "The source announced %d bytes and gave %d.".formatted(announced.getAsLong(), total));
    }
    if (original.isPresent()) {
      return requireSame(original.get(), digests());
    }
    Verdict.Accepted accepted = verdict(total);
    Map<Checksum.Algorithm, String> digests = digests();
    requireChecksum(digests);
    return new Facts(digests, total, accepted.format(), accepted.virtualSize());
  }

  private Map<Checksum.Algorithm, String> digests() {
    Map<Checksum.Algorithm, String> digests = new EnumMap<>(Checksum.Algorithm.class);
    digesters.forEach(digester -> digests.put(digester.algorithm(), digester.hex()));
    return digests;
  }

  private Verdict.Accepted verdict(long total) throws RefusedException {
    Verdict verdict;
    try {
      verdict = inspector.finish(total);
    } catch (RuntimeException e) {
      throw new RefusedException(Failures.ofInspector(e));
    }
    if (verdict instanceof Verdict.Refused refused) {
      throw new RefusedException(Failures.of(refused));
    }
    return (Verdict.Accepted) verdict;
  }

  private void requireChecksum(Map<Checksum.Algorithm, String> digests) throws RefusedException {
    if (request.checksum().isEmpty()) {
      return;
    }
    Checksum wanted = request.checksum().get();
    Checksum found = new Checksum(wanted.algorithm(), digests.get(wanted.algorithm()));
    if (!found.equals(wanted)) {
      throw new RefusedException(
          Reason.CHECKSUM_MISMATCH,
          "The checksum should be %s, but the bytes have %s.".formatted(wanted, found));
    }
  }

  private static Facts requireSame(
      Preflight.Adopted original, Map<Checksum.Algorithm, String> digests) throws RefusedException {
    if (!original.facts().digests().equals(digests)) {
      throw new RefusedException(
          Failures.ofStore(
              original.target().name(),
              new StoreException(
                  StoreException.Kind.CORRUPT,
                  "its copy %s is not what was written there."
                      .formatted(original.target().key()))));
    }
    return original.facts();
  }
}
