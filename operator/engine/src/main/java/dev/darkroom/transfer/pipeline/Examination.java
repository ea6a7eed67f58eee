package dev.darkroom.transfer.pipeline;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.format.Inspector;
import dev.darkroom.format.Verdict;
import dev.darkroom.transfer.intake.Intake;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Facts;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import dev.darkroom.transfer.model.TransferRequest;
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
 * Every check of the bytes: inspection while they pass, digests on other threads, the verdict at
 * the end. For the transfer's thread, except the {@link #digesters}, each of which a lane feeds
 * until it has ended.
 */
public final class Examination {

  /** Verified copies stay valid when an administrator lowers the limit. */
  private static final InspectionLimits ANY_SIZE = new InspectionLimits(Long.MAX_VALUE);

  private final Optional<Checksum> checksum;
  private final OptionalLong maxVirtualSize;
  private final Optional<Facts> expected;
  private final Inspector inspector;
  private final List<Digester> digesters = new ArrayList<>();
  private boolean same;

  private Examination(
      Optional<Checksum> checksum,
      Optional<DiskFormat> declaredFormat,
      InspectionLimits limits,
      OptionalLong maxVirtualSize,
      Optional<Facts> expected) {
    this.checksum = checksum;
    this.maxVirtualSize = maxVirtualSize;
    this.expected = expected;
    this.inspector = Inspector.of(declaredFormat, limits);
    Set<Checksum.Algorithm> algorithms = EnumSet.of(Checksum.Algorithm.SHA256);
    checksum.map(Checksum::algorithm).ifPresent(algorithms::add);
    algorithms.forEach(algorithm -> digesters.add(new Digester(algorithm)));
  }

  /** Checks the bytes of a verified copy: they must be the same. */
  public static Examination of(TransferRequest request, Facts expected) {
    return new Examination(
        request.checksum(),
        request.declaredFormat(),
        ANY_SIZE,
        request.maxVirtualSize(),
        Optional.of(expected));
  }

  /** Checks bytes that come from the source of the request. */
  public static Examination of(TransferRequest request, Intake intake) {
    return new Examination(
        intake.checksum(),
        intake.declaredFormat(),
        intake.inspectionLimits(),
        request.maxVirtualSize(),
        request.expected());
  }

  /** Whether the bytes are the expected ones; after {@link #conclude}. */
  public boolean same() {
    return same;
  }

  /** The digests, each to be fed with every byte by a thread of its own. */
  List<Digester> digesters() {
    return List.copyOf(digesters);
  }

  /**
   * Inspects the next bytes.
   *
   * @throws RefusedException as soon as they can't be accepted
   */
  void inspect(ByteBuffer bytes) throws RefusedException {
    if (expected.isPresent()) {
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
   * Checks the facts that the first bytes show.
   *
   * @throws RefusedException when the bytes can't be accepted, whatever follows
   */
  void preview() throws RefusedException {
    if (expected.isPresent()) {
      return;
    }
    Optional<Verdict> verdict;
    try {
      verdict = inspector.preview();
    } catch (RuntimeException e) {
      throw new RefusedException(Failures.ofInspector(e));
    }
    if (verdict.orElse(null) instanceof Verdict.Accepted accepted) {
      requireVirtualSize(accepted.virtualSize());
    }
  }

  /**
   * Reaches the verdict, when every byte was inspected and digested.
   *
   * @param total how many bytes there were
   * @param announced how many bytes the source announced
   * @throws RefusedException when a check fails
   */
  Facts conclude(long total, OptionalLong announced) throws RefusedException {
    if (total == 0) {
      throw new RefusedException(Failures.noBytes());
    }
    if (announced.isPresent() && announced.getAsLong() != total) {
      throw new RefusedException(Failures.sizeMismatch(announced.getAsLong(), total));
    }
    if (expected.isPresent()) {
      Map<Checksum.Algorithm, String> digests = digests();
      requireSame(expected.get(), total, digests);
      same = true;
      requireChecksum(digests);
      digests.putAll(expected.get().digests());
      Facts known = expected.get();
      return Facts.of(digests, total, known.format(), known.virtualSize())
          .with(known.delivered(), known.signer());
    }
    Verdict.Accepted accepted = verdict(total);
    Map<Checksum.Algorithm, String> digests = digests();
    requireChecksum(digests);
    requireVirtualSize(accepted.virtualSize());
    return Facts.of(digests, total, accepted.format(), accepted.virtualSize());
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
    if (checksum.isEmpty()) {
      return;
    }
    Checksum wanted = checksum.get();
    Checksum found = new Checksum(wanted.algorithm(), digests.get(wanted.algorithm()));
    if (!found.equals(wanted)) {
      throw new RefusedException(Failures.checksumMismatch(wanted, found));
    }
  }

  private void requireVirtualSize(OptionalLong virtualSize) throws RefusedException {
    if (maxVirtualSize.isPresent()
        && virtualSize.isPresent()
        && virtualSize.getAsLong() > maxVirtualSize.getAsLong()) {
      throw new RefusedException(
          Failures.virtualSizeTooLarge(virtualSize.getAsLong(), maxVirtualSize.getAsLong()));
    }
  }

  private static void requireSame(
      Facts expected, long total, Map<Checksum.Algorithm, String> digests) throws RefusedException {
    String found = digests.get(Checksum.Algorithm.SHA256);
    if (total != expected.size() || !expected.sha256().hex().equals(found)) {
      throw new RefusedException(
          Reason.CHECKSUM_MISMATCH,
          "The copy should be %d bytes with %s, but it is %d bytes with sha256:%s."
              .formatted(expected.size(), expected.sha256(), total, found));
    }
  }
}
