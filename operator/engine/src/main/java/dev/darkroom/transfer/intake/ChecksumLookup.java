package dev.darkroom.transfer.intake;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.sums.PublishedSums;
import dev.darkroom.sums.SignatureInvalidException;
import dev.darkroom.sums.Signer;
import dev.darkroom.sums.SumAlgorithm;
import dev.darkroom.sums.SumsException;
import dev.darkroom.sums.VerificationKey;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.Failure;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.PublishedChecksum;
import dev.darkroom.transfer.model.Reason;
import dev.darkroom.transfer.model.RefusedException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a checksum from where its publisher keeps it. Blocks as long as the sources' own time-outs
 * allow, and no longer than until the stop.
 */
final class ChecksumLookup {

  /**
   * What was found.
   *
   * @param checksum of the bytes as delivered
   * @param signer who signed for it, where a signature was asked for
   */
  record Found(Checksum checksum, Optional<Signer> signer) {}

  private final CancellationToken stop;
  private final Clock clock;

  ChecksumLookup(CancellationToken stop, Clock clock) {
    this.stop = stop;
    this.clock = clock;
  }

  /**
   * Fetches, verifies and reads.
   *
   * @throws RefusedException {@code SIGNATURE_INVALID} when the signature does not count; {@code
   *     INVALID_SOURCE} when the file does not name one digest of the entry; what the source says
   * @throws InterruptedException when the transfer is stopped
   */
  Found find(PublishedChecksum published) throws RefusedException, InterruptedException {
    byte[] sums = fetch(published.sums(), PublishedSums.MAX_BYTES, "The sums file");
    Optional<PublishedSums.SignedBy> signedBy = Optional.empty();
    if (published.signedBy().isPresent()) {
      PublishedChecksum.SignedBy asked = published.signedBy().get();
      Optional<byte[]> detached = Optional.empty();
      if (asked.signature().isPresent()) {
        detached =
            Optional.of(
                fetch(
                    asked.signature().get(),
                    VerificationKey.MAX_SIGNATURE_BYTES,
                    "The signature of the sums file"));
      }
      signedBy = Optional.of(new PublishedSums.SignedBy(asked.key(), detached));
    }
    Optional<SumAlgorithm> algorithm =
        published.algorithm().map(wanted -> SumAlgorithm.valueOf(wanted.name()));
    try {
      PublishedSums publication =
          PublishedSums.read(sums, published.entry(), algorithm, signedBy, clock.instant());
      Checksum checksum = Checksum.parse(publication.sum().toString()).orElseThrow();
      return new Found(checksum, publication.signer());
    } catch (SignatureInvalidException e) {
      throw new RefusedException(Reason.SIGNATURE_INVALID, e.getMessage());
    } catch (SumsException e) {
      throw new RefusedException(Reason.INVALID_SOURCE, e.getMessage());
    }
  }

  private byte[] fetch(Source source, int most, String what)
      throws RefusedException, InterruptedException {
    try (SourceBody body = stop.interruptibly(source::open)) {
      stop.whenStopped(body::close);
      ByteBuffer buffer = ByteBuffer.allocate(most + 1);
      while (buffer.hasRemaining() && body.read(buffer) >= 0) {
        stop.requireNotStopped();
      }
      if (!buffer.hasRemaining()) {
        throw new RefusedException(
            Reason.INVALID_SOURCE, "%s is larger than %d bytes.".formatted(what, most));
      }
      return Arrays.copyOf(buffer.array(), buffer.position());
    } catch (SourceException | RuntimeException | Error e) {
      stop.requireNotStopped();
      throw new RefusedException(named(what, Failures.ofSource(e)));
    }
  }

  /** Else a reader takes the trouble for that of the image. */
  private static Failure named(String what, Failure failure) {
    return new Failure(failure.reason(), what + ": " + failure.message(), failure.retryAfter());
  }
}
