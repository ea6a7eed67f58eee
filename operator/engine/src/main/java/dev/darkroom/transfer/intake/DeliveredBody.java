package dev.darkroom.transfer.intake;

import dev.darkroom.codec.Codec;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.codec.Decompression;
import dev.darkroom.codec.DecompressionException;
import dev.darkroom.codec.DecompressionException.Damaged;
import dev.darkroom.codec.DecompressionException.Damaged.Damage;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.UndeliverableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body whose bytes are the ones to be stored: expanded, if the source delivers them compressed.
 * What the source delivers is counted, digested and compared with the checksum on the way; the end
 * is not said before all of it agrees.
 *
 * <p>A wrong checksum is the first thing that is said of bytes that can't be expanded: they are
 * read to their end for it. Without one, a stream that ends in the middle may have been cut on the
 * way, if nobody said how long it is; any other damage was there before.
 *
 * <p>What is wrong with the bytes comes out of {@link #read} as an {@link UndeliverableException}.
 */
final class DeliveredBody implements SourceBody {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveredBody.class);

  private final SourceBody body;
  private final DeliveredBytes bytes;
  private final Optional<Checksum> wanted;
  private final Optional<Codec> codec;
  private final DecodeLimits limits;
  private final Object lock = new Object();
  private Optional<Decompression> expansion = Optional.empty();
  private Optional<Delivered> delivered = Optional.empty();
  private boolean reading;
  private boolean closed;

  private DeliveredBody(
      SourceBody body,
      DeliveredBytes bytes,
      Optional<Checksum> wanted,
      Optional<Codec> codec,
      DecodeLimits limits) {
    this.body = body;
    this.bytes = bytes;
    this.wanted = wanted;
    this.codec = codec;
    this.limits = limits;
  }

  /** Which bytes are digested here. */
  enum Digests {
    /** All that are delivered. */
    ALWAYS,
    /**
     * Only those that are expanded: of the others, digests and checksum are the business of who
     * reads them.
     */
    OF_COMPRESSED
  }

  /**
   * Looks at the first bytes.
   *
   * @param wanted the checksum of the bytes as delivered
   * @param threads for the digests; a task of each takes as long as 256 KiB do
   * @throws SourceException when the first bytes don't come
   */
  static DeliveredBody begin(
      SourceBody body,
      Decompress decompress,
      Optional<Checksum> wanted,
      Digests digests,
      DecodeLimits limits,
      Executor threads)
      throws SourceException {
    Set<Checksum.Algorithm> algorithms = EnumSet.of(Checksum.Algorithm.SHA256);
    wanted.map(Checksum::algorithm).ifPresent(algorithms::add);
    DeliveredBytes bytes = new DeliveredBytes(body, threads);
    Optional<Codec> codec =
        decompress == Decompress.AUTO
            ? Codec.detect(bytes.peek(Codec.HEAD_BYTES))
            : Optional.empty();
    codec.ifPresent(found -> LOG.info("The source delivers {}", found.apiName()));
    boolean digested = codec.isPresent() || digests == Digests.ALWAYS;
    if (digested) {
      bytes.digest(algorithms);
    }
    return new DeliveredBody(body, bytes, wanted.filter(some -> digested), codec, limits);
  }

  /** Which compression is undone, if one is. */
  Optional<Codec> compression() {
    return codec;
  }

  /** What was delivered, once {@link #read} has said that the end is reached; if it is digested. */
  Optional<Delivered> delivered() {
    synchronized (lock) {
      return delivered;
    }
  }

  /**
   * That of the source; of expanded bytes the length is not known, and no part can be asked for.
   */
  @Override
  public SourceHead head() {
    SourceHead head = body.head();
    return codec.isEmpty()
        ? head
        : new SourceHead(
            head.location(), OptionalLong.empty(), Optional.empty(), false, head.contentType());
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    synchronized (lock) {
      if (closed) {
        throw new SourceException(SourceException.Kind.UNAVAILABLE, "The transfer was stopped.");
      }
      reading = true;
    }
    try {
      int count = codec.isPresent() ? expand(codec.get(), into) : bytes.read(into);
      if (count < 0) {
        conclude();
      }
      return count;
    } finally {
      synchronized (lock) {
        reading = false;
        if (closed) {
          free();
        }
      }
    }
  }

  /** A decoder that is at work is not freed under its hands, but by the one who reads. */
  @Override
  public void close() {
    body.close();
    synchronized (lock) {
      closed = true;
      if (!reading) {
        free();
      }
    }
  }

  private int expand(Codec compression, ByteBuffer into) throws SourceException {
    try {
      return decoder(compression).read(into);
    } catch (SourceException e) {
      throw e;
    } catch (DecompressionException e) {
      throw new UndeliverableException(explain(e));
    } catch (IOException e) {
      throw new IllegalStateException("no decoder and no source throws this", e);
    }
  }

  private Decompression decoder(Codec compression) throws IOException {
    synchronized (lock) {
      if (expansion.isPresent()) {
        return expansion.get();
      }
    }
    // Not under the lock: it may read.
    Decompression opened = compression.open(bytes, limits);
    synchronized (lock) {
      expansion = Optional.of(opened);
      return opened;
    }
  }

  private Failure explain(DecompressionException e) throws SourceException {
    if (!(e instanceof Damaged damaged)) {
      return Failure.of(Reason.DECOMPRESSION_LIMIT, e.getMessage());
    }
    if (wanted.isPresent()) {
      bytes.drain();
      Optional<Failure> mismatch = mismatch(bytes.digests());
      if (mismatch.isPresent()) {
        return mismatch.get();
      }
    } else if (damaged.damage() == Damage.TRUNCATED && body.head().length().isEmpty()) {
      return Failure.of(Reason.SOURCE_TRUNCATED, e.getMessage());
    }
    return Failure.of(Reason.UNKNOWN_FORMAT, e.getMessage());
  }

  private void conclude() {
    synchronized (lock) {
      if (delivered.isPresent()) {
        return;
      }
    }
    OptionalLong announced = body.head().length();
    if (announced.isPresent() && announced.getAsLong() != bytes.count()) {
      throw new UndeliverableException(
          Failure.of(
              Reason.SIZE_MISMATCH,
              "The source announced %d bytes and gave %d."
                  .formatted(announced.getAsLong(), bytes.count())));
    }
    Map<Checksum.Algorithm, String> digests = bytes.digests();
    if (digests.isEmpty()) {
      return;
    }
    mismatch(digests)
        .ifPresent(
            failure -> {
              throw new UndeliverableException(failure);
            });
    synchronized (lock) {
      delivered = Optional.of(new Delivered(bytes.count(), digests, codec, Optional.empty()));
    }
  }

  private Optional<Failure> mismatch(Map<Checksum.Algorithm, String> digests) {
    return wanted
        .map(checksum -> new Checksum(checksum.algorithm(), digests.get(checksum.algorithm())))
        .filter(found -> !found.equals(wanted.get()))
        .map(
            found ->
                Failure.of(
                    Reason.CHECKSUM_MISMATCH,
                    "The checksum should be %s, but the bytes have %s."
                        .formatted(wanted.get(), found)));
  }

  private void free() {
    try {
      if (expansion.isPresent()) {
        expansion.get().close();
        expansion = Optional.empty();
      }
    } catch (IOException e) {
      LOG.warn("A decoder could not be freed", e);
    }
  }
}
