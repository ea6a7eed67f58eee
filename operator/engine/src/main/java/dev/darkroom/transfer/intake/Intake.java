package dev.darkroom.transfer.intake;

import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.sums.Signer;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.DeliveryTerms;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;

/**
 * Between what a source delivers and what is stored: the checksum is looked up, compressed bytes
 * are expanded, disks are converted. One is used for one reading, by its thread:
 *
 * <ol>
 *   <li>{@link #begin} says from where, and against which checksum and format, to read;
 *   <li>{@link #receive} turns the body of that source into one of the bytes to be stored;
 *   <li>{@link #checksum} and {@link #declaredFormat} are what those must have;
 *   <li>{@link #delivered}, once they were read, is what is to be recorded besides.
 * </ol>
 */
public final class Intake implements AutoCloseable {

  /** Opens a source the way its transfer does. */
  @FunctionalInterface
  public interface Opening {
    SourceBody open(Source source) throws RefusedException, InterruptedException;
  }

  /** Hears how a conversion goes. */
  public interface Listener {

    /** It is brought to be converted; what the source says before its first byte. */
    void staging(SourceHead head) throws RefusedException;

    /** All of it came, and qemu-img begins. */
    void converting(long diskBytes);

    /** How many of the disk's bytes qemu-img has done; on another thread. */
    void converted(long bytes);
  }

  private final Source source;
  private final DeliveryTerms terms;
  private final IntakeTools tools;
  private final Executor threads;
  private final CancellationToken stop;
  private Optional<Checksum> checksum;
  private Optional<DiskFormat> declaredFormat;
  private Optional<Signer> signer = Optional.empty();
  private Optional<DeliveredBody> body = Optional.empty();
  private Optional<Delivered> converted = Optional.empty();
  private Optional<Converter.Work> work = Optional.empty();

  /**
   * @param checksum of the bytes as delivered
   * @param declaredFormat of the disk as delivered
   * @param threads for digests
   */
  public Intake(
      Source source,
      Optional<Checksum> checksum,
      Optional<DiskFormat> declaredFormat,
      DeliveryTerms terms,
      IntakeTools tools,
      Executor threads,
      CancellationToken stop) {
    this.source = source;
    this.checksum = checksum;
    this.declaredFormat = declaredFormat;
    this.terms = terms;
    this.tools = tools;
    this.threads = threads;
    this.stop = stop;
  }

  /**
   * Does what must be done before bytes flow to stores. Blocks for as long as a conversion takes,
   * if one is asked for.
   *
   * @param opening of the source, where it is staged for a conversion
   * @param maxVirtualSize how large a disk may be let in
   * @return what to read from: the source, or what it was converted to
   * @throws RefusedException when it can't be
   * @throws InterruptedException when the transfer is stopped
   */
  public Source begin(Opening opening, OptionalLong maxVirtualSize, Listener listener)
      throws RefusedException, InterruptedException {
    Optional<Converter> converter = Optional.empty();
    if (terms.convertTo().isPresent()) {
      // A definite no comes before a byte does.
      converter = Optional.of(stop.interruptibly(tools::converter));
    }
    if (terms.published().isPresent()) {
      lookUp(terms.published().get());
    }
    return converter.isEmpty()
        ? source
        : convert(converter.get(), terms.convertTo().get(), opening, maxVirtualSize, listener);
  }

  /**
   * Makes of the source's body one of the bytes to be stored. Closing either closes it.
   *
   * @throws RefusedException when its first bytes don't come
   */
  public SourceBody receive(SourceBody delivered) throws RefusedException {
    if (converted.isPresent()) {
      return delivered;
    }
    DeliveredBody received = wrapped(delivered, DeliveredBody.Digests.OF_COMPRESSED);
    if (received.compression().isPresent()) {
      // Compared already, by then.
      checksum = Optional.empty();
    }
    body = Optional.of(received);
    return received;
  }

  /** What the bytes to be stored must have, if anybody knows; after {@link #receive}. */
  public Optional<Checksum> checksum() {
    return checksum;
  }

  /** The format that must be found in the bytes to be stored; after {@link #begin}. */
  public Optional<DiskFormat> declaredFormat() {
    return declaredFormat;
  }

  /** Who signed for the checksum, where a signature was asked for. */
  public Optional<Signer> signer() {
    return signer;
  }

  /** Whether bytes are stored that are not those of the source. */
  public boolean changes() {
    return converted.isPresent() || body.flatMap(DeliveredBody::compression).isPresent();
  }

  /** What was delivered, where it is not what is stored; after all of it was read. */
  public Optional<Delivered> delivered() {
    return converted.or(() -> body.flatMap(DeliveredBody::delivered)).filter(Delivered::changed);
  }

  /** Removes what was staged. */
  @Override
  public void close() {
    work.ifPresent(Converter.Work::close);
    work = Optional.empty();
  }

  private void lookUp(PublishedChecksum published) throws RefusedException, InterruptedException {
    ChecksumLookup.Found found = new ChecksumLookup(stop, tools.clock()).find(published);
    signer = found.signer();
    if (checksum.isPresent() && !checksum.get().equals(found.checksum())) {
      throw new RefusedException(
          Reason.CHECKSUM_MISMATCH,
          "The checksum should be %s, but its publisher says %s."
              .formatted(checksum.get(), found.checksum()));
    }
    checksum = Optional.of(found.checksum());
  }

  private Source convert(
      Converter converter,
      TargetFormat target,
      Opening opening,
      OptionalLong maxVirtualSize,
      Listener listener)
      throws RefusedException, InterruptedException {
    Converter.Work staged = converter.begin();
    work = Optional.of(staged);
    Verdict.Accepted verdict;
    try (SourceBody opened = opening.open(source)) {
      stop.whenStopped(opened::close);
      listener.staging(opened.head());
      try (DeliveredBody all = wrapped(opened, DeliveredBody.Digests.ALWAYS)) {
        stop.whenStopped(all::close);
        verdict = new StagedFile(declaredFormat, maxVirtualSize).receive(all, staged.original());
        converted = all.delivered();
      }
    } catch (RefusedException e) {
      stop.requireNotStopped();
      throw e;
    }
    boolean same = verdict.format().openedAs() == target.format();
    long disk = verdict.virtualSize().orElse(converted.map(Delivered::size).orElse(0L));
    if (!same) {
      listener.converting(disk);
      converted = converted.map(delivered -> delivered.convertedFrom(verdict.format()));
    }
    DoubleConsumer progress = share -> listener.converted(Math.round(share * disk));
    Source result =
        stop.interruptibly(() -> staged.convert(verdict, target, source.describe(), progress));
    // Of the bytes as delivered; those to be stored have their own.
    checksum = Optional.empty();
    declaredFormat = Optional.of(same ? verdict.format() : target.format());
    return result;
  }

  private DeliveredBody wrapped(SourceBody delivered, DeliveredBody.Digests digests)
      throws RefusedException {
    try {
      return DeliveredBody.begin(
          delivered, terms.decompress(), checksum, digests, tools.decodeLimits(), threads);
    } catch (SourceException | RuntimeException | Error e) {
      throw new RefusedException(Failures.ofSource(e));
    }
  }
}
