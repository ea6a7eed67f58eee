package dev.darkroom.transfer.intake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.codec.Codec;
import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.codec.DecompressionException;
import dev.darkroom.codec.Decompressor;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Decompress;
import dev.darkroom.transfer.model.Delivered;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
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
 * A body of the bytes to be stored: decompressed, if the source delivers them compressed. The
 * delivered bytes are counted, digested and compared with the checksum; the body does not end
 * before they agree.
 *
 * <p>A stream that can't be decompressed is read to its end if there is a checksum, because a wrong
 * checksum is the better message. Failed checks come out of {@link #read} as an {@link
 * UndeliverableException}.
 */
final class DeliveredBody implements SourceBody {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveredBody.class);

  private final SourceBody body;
  private final DeliveredBytes bytes;
  private final Optional<Checksum> wanted;
  private final Optional<Codec> codec;
  private final DecodeLimits limits;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private Optional<Decompressor> decompression = Optional.empty();

  @GuardedBy("lock")
  private Optional<Delivered> delivered = Optional.empty();

  @GuardedBy("lock")
  private boolean reading;

  @GuardedBy("lock")
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

  /** Which bytes this body digests. */
  enum Digests {
    /** All delivered bytes. */
    ALWAYS,
    /** Compressed bytes only; the reader digests the others and compares their checksum. */
    OF_COMPRESSED
  }

  /**
   * Reads the first bytes, to detect a compression.
   *
   * @param wanted the checksum of the bytes as delivered
   * @param threads for the digests; a task of each digests 256 KiB at most
   * @throws SourceException when the source fails
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
    codec.ifPresent(found -> LOG.info("The source delivers {} bytes", found.apiName()));
    boolean digested = codec.isPresent() || digests == Digests.ALWAYS;
    if (digested) {
      bytes.digest(algorithms);
    }
    return new DeliveredBody(body, bytes, wanted.filter(some -> digested), codec, limits);
  }

  /** The compression that is undone; empty when the bytes are not compressed. */
  Optional<Codec> compression() {
    return codec;
  }

  /** The delivered bytes, after the end; empty when they are not digested. */
  Optional<Delivered> delivered() {
    synchronized (lock) {
      return delivered;
    }
  }

  /** The head of the source; for decompressed bytes without a length, and without ranges. */
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
        throw new SourceException(SourceException.Kind.UNAVAILABLE, "The transfer was cancelled.");
      }
      reading = true;
    }
    try {
      int count = codec.isPresent() ? decompress(codec.get(), into) : bytes.read(into);
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

  /** A decoder at work is freed by the thread that reads. */
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

  private int decompress(Codec compression, ByteBuffer into) throws SourceException {
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

  private Decompressor decoder(Codec compression) throws IOException {
    synchronized (lock) {
      if (decompression.isPresent()) {
        return decompression.get();
      }
    }
    // Not under the lock: it may read from the source.
    Decompressor opened = compression.open(bytes, limits);
    synchronized (lock) {
      decompression = Optional.of(opened);
      return opened;
    }
  }

  private Failure explain(DecompressionException e) throws SourceException {
    if (e instanceof DecompressionException.Damaged && wanted.isPresent()) {
      bytes.drain();
      Optional<Failure> mismatch = mismatch(bytes.digests());
      if (mismatch.isPresent()) {
        return mismatch.get();
      }
    }
    return Failures.of(e, wanted.isPresent() || body.head().length().isPresent());
  }

  private void conclude() {
    synchronized (lock) {
      if (delivered.isPresent()) {
        return;
      }
    }
    OptionalLong announced = body.head().length();
    if (announced.isPresent() && announced.getAsLong() != bytes.count()) {
      throw new UndeliverableException(Failures.sizeMismatch(announced.getAsLong(), bytes.count()));
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
        .map(found -> Failures.checksumMismatch(wanted.get(), found));
  }

  @GuardedBy("lock")
  private void free() {
    try {
      if (decompression.isPresent()) {
        decompression.get().close();
        decompression = Optional.empty();
      }
    } catch (IOException e) {
      LOG.warn("A decoder could not be freed", e);
    }
  }
}
