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
 * Reads a published checksum from a sums file. Blocks within the timeouts of the sources; a
 * cancellation ends it.
 */
final class ChecksumLookup {

  /**
   * A checksum that was found.
   *
   * @param checksum of the bytes as delivered
   * @param signer of the sums file, where a signature is required
   */
  record Found(Checksum checksum, Optional<Signer> signer) {}

  private final CancellationToken token;
  private final Clock clock;

  ChecksumLookup(CancellationToken token, Clock clock) {
    this.token = token;
    this.clock = clock;
  }

  /**
   * Fetches the sums file, verifies its signature and finds the entry.
   *
   * @throws RefusedException {@code SIGNATURE_INVALID} when there is no valid signature; {@code
   *     INVALID_SOURCE} when the file does not have one digest of the entry; the failure of a
   *     source
   * @throws InterruptedException when the transfer is cancelled
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
      throw new RefusedException(Failures.of(e));
    } catch (SumsException e) {
      throw new RefusedException(Failures.of(e));
    }
  }

  private byte[] fetch(Source source, int most, String what)
      throws RefusedException, InterruptedException {
    try (SourceBody body = token.callInterruptibly(source::open)) {
      token.onCancel(body::close);
      ByteBuffer buffer = ByteBuffer.allocate(most + 1);
      while (buffer.hasRemaining() && body.read(buffer) >= 0) {
        token.throwIfCancelled();
      }
      if (!buffer.hasRemaining()) {
        throw new RefusedException(
            Reason.INVALID_SOURCE, "%s is larger than %d bytes.".formatted(what, most));
      }
      return Arrays.copyOf(buffer.array(), buffer.position());
    } catch (SourceException | RuntimeException | Error e) {
      token.throwIfCancelled();
      throw new RefusedException(named(what, Failures.ofSource(e)));
    }
  }

  /** Names the file: without it the message would seem to be about the blob. */
  private static Failure named(String what, Failure failure) {
    return new Failure(failure.reason(), what + ": " + failure.message(), failure.retryAfter());
  }
}
