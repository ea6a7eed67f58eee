package dev.darkroom.source;

import dev.darkroom.source.SourceException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.util.Timeout;

/**
 * The body of an answer, held to its announced length from both sides: where it ends early the
 * client's stream says so; where it ends in time the connection is asked whether more waits.
 */
final class WebBody implements SourceBody {

  /** What the JDK reads from a socket at most at once. */
  private static final int BUFFER = 128 * 1024;

  /**
   * How long a server that keeps the connection open in spite of {@code Connection: close} has to
   * come up with bytes after the last.
   */
  private static final Timeout AFTERMATH = Timeout.ofMilliseconds(300);

  private final WebExchange exchange;
  private final SourceHead head;
  private final InputStream stream;
  private final byte[] buffer = new byte[BUFFER];
  private long count;
  private boolean ended;
  private volatile boolean closed;

  WebBody(WebExchange exchange, SourceHead head) throws IOException {
    this.exchange = exchange;
    this.head = head;
    this.stream =
        exchange.response().getEntity() == null
            ? InputStream.nullInputStream()
            : exchange.response().getEntity().getContent();
  }

  @Override
  public SourceHead head() {
    return head;
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (!into.hasRemaining()) {
      throw new IllegalArgumentException("no room in the buffer");
    }
    if (ended) {
      return -1;
    }
    if (closed) {
      throw new SourceException(Kind.UNAVAILABLE, "the source is closed");
    }
    try {
      int read = isComplete() ? -1 : fill(into);
      if (read < 0) {
        requireNothingAfter();
        ended = true;
        close();
        return -1;
      }
      count += read;
      return read;
    } catch (IOException e) {
      SourceException trouble = trouble(e);
      close();
      throw trouble;
    }
  }

  @Override
  public void close() {
    closed = true;
    exchange.close();
  }

  private int fill(ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      int read = stream.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
      into.position(into.position() + Math.max(read, 0));
      return read;
    }
    int read = stream.read(buffer, 0, Math.min(buffer.length, into.remaining()));
    if (read > 0) {
      into.put(buffer, 0, read);
    }
    return read;
  }

  /** The stream is not asked for an end that is known: it would let go of the connection. */
  private boolean isComplete() {
    return head.length().isPresent() && count == head.length().getAsLong();
  }

  private void requireNothingAfter() throws SourceException {
    if (isComplete() && hasMore()) {
      throw new SourceException(
          Kind.OVERLONG,
          "%s sends more than the %,d bytes it announced".formatted(exchange.address(), count));
    }
  }

  private boolean hasMore() {
    try {
      return exchange.connection().isDataAvailable(AFTERMATH);
    } catch (IOException e) {
      // All bytes are here; that the connection breaks after them is no harm.
      return false;
    }
  }

  private SourceException trouble(IOException e) {
    if (e instanceof SourceException already) {
      return already;
    }
    if (closed) {
      return new SourceException(Kind.UNAVAILABLE, "the source was closed while it was read", e);
    }
    if (e instanceof SocketTimeoutException) {
      return new SourceException(
          Kind.UNAVAILABLE,
          "%s sent nothing for %s after %,d bytes"
              .formatted(
                  exchange.address(), WebTrouble.seconds(exchange.limits().readIdle()), count),
          e);
    }
    String of =
        head.length().isPresent() ? "%,d of %,d".formatted(count, head.length().getAsLong()) : "";
    return new SourceException(
        Kind.TRUNCATED,
        "the connection ended after %s bytes".formatted(of.isEmpty() ? "%,d".formatted(count) : of),
        e);
  }
}
