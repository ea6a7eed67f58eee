package dev.darkroom.transfer.intake;

import dev.darkroom.convert.TargetFormat;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.InspectionLimits;
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
 * Turns delivered bytes into stored bytes: looks up a published checksum, decompresses, converts.
 * For one attempt, on its thread:
 *
 * <ol>
 *   <li>{@link #begin} returns the source to read, and finds the checksum and the format;
 *   <li>{@link #receive} wraps the body of that source: the bytes to be stored;
 *   <li>{@link #checksum} and {@link #declaredFormat} are required of those;
 *   <li>{@link #delivered}, after the end, is recorded beside the copies.
 * </ol>
 */
public final class Intake implements AutoCloseable {

  /** Opens a source, with the limits of the transfer. */
  @FunctionalInterface
  public interface Opening {
    /** Opens the source; may block. */
    SourceBody open(Source source) throws RefusedException, InterruptedException;
  }

  /** Follows a conversion. */
  public interface Listener {

    /** The bytes are being staged; the head of the source's answer. */
    void staging(SourceHead head) throws RefusedException;

    /** All bytes are staged, and qemu-img begins. */
    void converting(long diskBytes);

    /** How many bytes of the disk qemu-img has converted; on another thread. */
    void converted(long bytes);
  }

  private final Source source;
  private final DeliveryTerms terms;
  private final IntakeTools tools;
  private final Executor threads;
  private final CancellationToken token;
  private Optional<Checksum> checksum;
  private Optional<DiskFormat> declaredFormat;
  private Optional<Signer> signer = Optional.empty();
  private Optional<DeliveredBody> body = Optional.empty();
  private Optional<Delivered> converted = Optional.empty();
  private Optional<Converter.Work> work = Optional.empty();

  /**
   * Prepares an intake.
   *
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
      CancellationToken token) {
    this.source = source;
    this.checksum = checksum;
    this.declaredFormat = declaredFormat;
    this.terms = terms;
    this.tools = tools;
    this.threads = threads;
    this.token = token;
  }

  /** The limits of every disk that a source delivers. */
  public InspectionLimits inspectionLimits() {
    return tools.inspectionLimits();
  }

  /**
   * Looks up the checksum and converts, as the terms require. Blocks as long as a conversion takes.
   *
   * @param opening opens the source for a conversion
   * @param maxVirtualSize the limit of the virtual size of a disk, in bytes
   * @return the source to read: that of the request, or the converted file
   * @throws RefusedException when a check or the conversion fails
   * @throws InterruptedException when the transfer is cancelled
   */
  public Source begin(Opening opening, OptionalLong maxVirtualSize, Listener listener)
      throws RefusedException, InterruptedException {
    Optional<Converter> converter = Optional.empty();
    if (terms.convertTo().isPresent()) {
      // Before the first byte: without a converter the transfer fails at once.
      converter = Optional.of(token.callInterruptibly(tools::converter));
    }
    if (terms.published().isPresent()) {
      lookUp(terms.published().get());
    }
    return converter.isEmpty()
        ? source
        : convert(converter.get(), terms.convertTo().get(), opening, maxVirtualSize, listener);
  }

  /**
   * Wraps the body of the source: the result has the bytes to be stored, and closes the body.
   *
   * @throws RefusedException when the source fails
   */
  public SourceBody receive(SourceBody delivered) throws RefusedException {
    if (converted.isPresent()) {
      return delivered;
    }
    DeliveredBody received = wrapped(delivered, DeliveredBody.Digests.OF_COMPRESSED);
    if (received.compression().isPresent()) {
      // The delivered body compares it.
      checksum = Optional.empty();
    }
    body = Optional.of(received);
    return received;
  }

  /** The checksum required of the bytes to be stored, if there is one; after {@link #receive}. */
  public Optional<Checksum> checksum() {
    return checksum;
  }

  /** The format required of the bytes to be stored; after {@link #begin}. */
  public Optional<DiskFormat> declaredFormat() {
    return declaredFormat;
  }

  /** The signer of the checksum, where a signature is required. */
  public Optional<Signer> signer() {
    return signer;
  }

  /** Whether the stored bytes differ from the delivered ones. */
  public boolean changes() {
    return converted.isPresent() || body.flatMap(DeliveredBody::compression).isPresent();
  }

  /** The delivered bytes, where the stored ones differ; after the end. */
  public Optional<Delivered> delivered() {
    return converted.or(() -> body.flatMap(DeliveredBody::delivered)).filter(Delivered::changed);
  }

  /** Removes the files of the conversion. */
  @Override
  public void close() {
    work.ifPresent(Converter.Work::close);
    work = Optional.empty();
  }

  private void lookUp(PublishedChecksum published) throws RefusedException, InterruptedException {
    ChecksumLookup.Found found = new ChecksumLookup(token, tools.clock()).find(published);
    signer = found.signer();
    if (checksum.isPresent() && !checksum.get().equals(found.checksum())) {
      throw new RefusedException(
          Reason.CHECKSUM_MISMATCH,
          "The checksum should be %s, but the published one is %s."
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
      token.onCancel(opened::close);
      listener.staging(opened.head());
      try (DeliveredBody all = wrapped(opened, DeliveredBody.Digests.ALWAYS)) {
        token.onCancel(all::close);
        verdict =
            new StagedFile(declaredFormat, tools.inspectionLimits(), maxVirtualSize)
                .receive(all, staged.original());
        converted = all.delivered();
      }
    } catch (RefusedException e) {
      token.throwIfCancelled();
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
        token.callInterruptibly(() -> staged.convert(verdict, target, source.describe(), progress));
    // The checksum is of the delivered bytes, not of the converted ones.
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
