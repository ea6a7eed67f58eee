package dev.darkroom.transfer.scrub;

import dev.darkroom.store.Blob;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCall;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TimedChannel;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.Checksum;
import dev.darkroom.transfer.model.CopyHealth;
import dev.darkroom.transfer.model.Failures;
import dev.darkroom.transfer.model.Target;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * Reads one copy again and compares it with its digest. Changes nothing in the store. The digest is
 * Bouncy Castle's, because the state of the Java runtime's can't be saved.
 */
final class CopyScrub {

  private final ScrubRequest request;
  private final TransferContext context;
  private final ScrubPositions positions;
  private final Duration saveEvery;
  private final CancellationToken token;
  private final AtomicLong bytes = new AtomicLong();

  CopyScrub(
      ScrubRequest request,
      TransferContext context,
      ScrubPositions positions,
      Duration saveEvery,
      CancellationToken token) {
    this.request = request;
    this.context = context;
    this.positions = positions;
    this.saveEvery = saveEvery;
    this.token = token;
  }

  /** How many bytes have been read; for any thread. */
  long bytes() {
    return bytes.get();
  }

  /**
   * Reads the copy.
   *
   * @throws InterruptedException when the scrub is cancelled; the position is saved
   */
  CopyHealth run() throws InterruptedException {
    token.throwIfCancelled();
    Target target = request.target();
    try {
      Optional<Blob> blob =
          StoreCall.start(
                  context.threads(),
                  target.name(),
                  () -> target.store().stat(target.key()),
                  late -> {})
              .await(context.timeouts().call(), token, context.timeouts().grace());
      if (blob.isEmpty()) {
        return new CopyHealth.Missing();
      }
      if (blob.get().size() != request.expected().size()) {
        return new CopyHealth.Corrupt(
            "it has %d bytes instead of %d."
                .formatted(blob.get().size(), request.expected().size()));
      }
      return read(blob.get());
    } catch (StoreCallException e) {
      token.throwIfCancelled();
      return CopyHealth.of(target.name(), e.getCause());
    }
  }

  private CopyHealth read(Blob blob) throws StoreCallException, InterruptedException {
    Optional<ScrubPositions.Position> from = positions.find(request, blob);
    CopyHealth health = read(blob, from);
    if (from.isPresent() && !(health instanceof CopyHealth.Good)) {
      // The saved state may be what is wrong: the verdict needs a scrub of all bytes.
      positions.remove(request.target());
      health = read(blob, Optional.empty());
    }
    positions.remove(request.target());
    return health;
  }

  private CopyHealth read(Blob blob, Optional<ScrubPositions.Position> from)
      throws StoreCallException, InterruptedException {
    Target target = request.target();
    SHA256Digest digest;
    try {
      digest = from.map(at -> new SHA256Digest(at.decoded())).orElseGet(SHA256Digest::new);
    } catch (RuntimeException e) {
      return new CopyHealth.Unreadable(Failures.of(e));
    }
    long start = from.map(ScrubPositions.Position::bytes).orElse(0L);
    bytes.set(start);
    try (TimedChannel channel =
        TimedChannel.open(
            context,
            token,
            target.name(),
            () -> target.store().read(target.key(), start, blob.size() - start))) {
      digest(channel, digest, blob);
    }
    if (bytes.get() != blob.size()) {
      return new CopyHealth.Corrupt(
          "it ended after %d of %d bytes.".formatted(bytes.get(), blob.size()));
    }
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    Checksum found = new Checksum(Checksum.Algorithm.SHA256, HexFormat.of().formatHex(result));
    return found.equals(request.expected().sha256())
        ? new CopyHealth.Good()
        : new CopyHealth.Corrupt(
            "it has %s instead of %s.".formatted(found, request.expected().sha256()));
  }

  private void digest(TimedChannel channel, SHA256Digest digest, Blob blob)
      throws StoreCallException, InterruptedException {
    byte[] chunk = new byte[context.chunks().bytesEach()];
    long savedAt = System.nanoTime();
    boolean ended = false;
    try {
      for (int count = channel.read(ByteBuffer.wrap(chunk));
          count >= 0;
          count = channel.read(ByteBuffer.wrap(chunk))) {
        digest.update(chunk, 0, count);
        bytes.addAndGet(count);
        long now = System.nanoTime();
        if (now - savedAt >= saveEvery.toNanos()) {
          savedAt = now;
          save(digest, blob);
        }
        context.throttle().pay(count, token);
        token.throwIfCancelled();
      }
      ended = true;
    } finally {
      if (!ended && bytes.get() > 0) {
        save(digest, blob);
      }
    }
  }

  private void save(SHA256Digest digest, Blob blob) {
    positions.save(
        request, blob, ScrubPositions.Position.of(bytes.get(), digest.getEncodedState()));
  }
}
