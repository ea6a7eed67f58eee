package dev.darkroom.transfer.intake;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.transfer.model.Checksum;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The bytes of a body on their way to a decoder: counted and, on request, digested by other threads
 * while the decoder works on the same bytes. Two buffers take turns; a buffer is filled again when
 * its digests are done. For one thread at a time.
 */
final class DeliveredBytes implements ReadableByteChannel {

  private static final int BUFFER_BYTES = 256 << 10;

  /** The least a task digests, because each task costs a hand-over. */
  private static final int LEAST_DIGESTED = 64 << 10;

  /** The digest of one algorithm; runs some buffers behind the reader. */
  private static final class Digesting {

    private final MessageDigest digest;
    private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

    Digesting(Checksum.Algorithm algorithm) {
      this.digest = algorithm.newDigest();
    }
  }

  private final SourceBody body;
  private final Executor threads;
  private final Map<Checksum.Algorithm, Digesting> digests =
      new EnumMap<>(Checksum.Algorithm.class);
  private final List<CompletableFuture<Void>> busy = new ArrayList<>();
  private ByteBuffer current = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private ByteBuffer other = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private CompletableFuture<Void> otherIsFree = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> currentIsFree = CompletableFuture.completedFuture(null);
  private long count;
  private boolean ended;

  DeliveredBytes(SourceBody body, Executor threads) {
    this.body = body;
    this.threads = threads;
  }

  /** Begins to digest, with the bytes that {@link #peek} has read; before the first read. */
  void digest(Set<Checksum.Algorithm> algorithms) {
    algorithms.forEach(algorithm -> digests.put(algorithm, new Digesting(algorithm)));
    currentIsFree = digest(current);
  }

  /** How many bytes the body has delivered so far. */
  long count() {
    return count;
  }

  /** The next bytes, without reading on; fewer than requested only at the end. */
  ByteBuffer peek(int bytes) throws SourceException {
    boolean unused = fill(bytes);
    return current.slice(current.position(), Math.min(bytes, current.remaining()));
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (!current.hasRemaining() && digests.isEmpty() && !ended) {
      return direct(into);
    }
    if (!current.hasRemaining() && !fill(LEAST_DIGESTED)) {
      return -1;
    }
    int taken = Math.min(into.remaining(), current.remaining());
    into.put(current.slice(current.position(), taken));
    current.position(current.position() + taken);
    return taken;
  }

  /** Reads the body to its end, for the digests. */
  void drain() throws SourceException {
    do {
      current.position(current.limit());
    } while (fill(LEAST_DIGESTED));
  }

  /** The digests of all bytes, after the end; to be called once. */
  Map<Checksum.Algorithm, String> digests() {
    Map<Checksum.Algorithm, String> hex = new EnumMap<>(Checksum.Algorithm.class);
    digests.forEach(
        (algorithm, digesting) -> {
          Void unused = digesting.done.join();
          hex.put(algorithm, HexFormat.of().formatHex(digesting.digest.digest()));
        });
    return hex;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Does nothing: the opener of the body closes it. */
  @Override
  public void close() {}

  /** Reads without a copy, because the bytes are not digested. */
  private int direct(ByteBuffer into) throws SourceException {
    int read = body.read(into);
    ended = read < 0;
    count += Math.max(0, read);
    return read;
  }

  private boolean fill(int atLeast) throws SourceException {
    if (ended) {
      return false;
    }
    Void unused = otherIsFree.join();
    ByteBuffer filled = other;
    other = current;
    otherIsFree = currentIsFree;
    current = filled.clear();
    while (current.position() < atLeast && !ended) {
      ended = body.read(current) < 0;
    }
    current.flip();
    count += current.remaining();
    currentIsFree = digest(current);
    return current.hasRemaining();
  }

  private CompletableFuture<Void> digest(ByteBuffer bytes) {
    busy.clear();
    for (Digesting digesting : digests.values()) {
      ByteBuffer view = bytes.asReadOnlyBuffer();
      digesting.done = digesting.done.thenRunAsync(() -> digesting.digest.update(view), threads);
      busy.add(digesting.done);
    }
    return CompletableFuture.allOf(busy.toArray(CompletableFuture[]::new));
  }
}
