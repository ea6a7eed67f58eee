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
 * Reads one copy again and says how it is. It changes nothing in the store. The digest is not the
 * runtime's, for that one's state can't be written down.
 */
final class CopyScrub {

  private final ScrubRequest request;
  private final TransferContext context;
  private final ScrubPositions positions;
  private final Duration saveEvery;
  private final CancellationToken stop;
  private final AtomicLong bytes = new AtomicLong();

  CopyScrub(
      ScrubRequest request,
      TransferContext context,
      ScrubPositions positions,
      Duration saveEvery,
      CancellationToken stop) {
    this.request = request;
    this.context = context;
    this.positions = positions;
    this.saveEvery = saveEvery;
    this.stop = stop;
  }

  /** How many bytes it has read; for any thread. */
  long bytes() {
    return bytes.get();
  }

  /**
   * Reads it.
   *
   * @throws InterruptedException when it was stopped; where it came to is written down
   */
  CopyHealth run() throws InterruptedException {
    stop.requireNotStopped();
    Target target = request.target();
    try {
      Optional<Blob> blob =
          StoreCall.start(
                  context.threads(),
                  target.name(),
                  () -> target.store().stat(target.key()),
                  late -> {})
              .await(context.patience().call(), stop, context.patience().grace());
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
      stop.requireNotStopped();
      return CopyHealth.of(target.name(), e.getCause());
    }
  }

  private CopyHealth read(Blob blob) throws StoreCallException, InterruptedException {
    Optional<ScrubPositions.Position> from = positions.find(request, blob);
    CopyHealth health = read(blob, from);
    if (from.isPresent() && !(health instanceof CopyHealth.Good)) {
      // What was written down may be what is wrong: a copy is not condemned by hearsay.
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
            stop,
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
        context.throttle().pay(count, stop);
        stop.requireNotStopped();
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
