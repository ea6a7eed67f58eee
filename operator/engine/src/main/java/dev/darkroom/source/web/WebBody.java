package dev.darkroom.source.web;

import dev.darkroom.source.Seconds;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
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

  /**
   * How long another answer's bytes are waited for before the next request goes out on a connection
   * that is kept. Those of an answer that is too long are there already.
   */
  private static final Timeout AT_ONCE = Timeout.ofMilliseconds(1);

  /**
   * Which bytes an answer holds.
   *
   * @param offset of its first byte within the whole
   * @param length how many bytes there must be, if that was said
   * @param reuse what becomes of the connection
   */
  record Extent(long offset, OptionalLong length, WebRequest.Reuse reuse) {}

  private final WebExchange exchange;
  private final SourceHead head;
  private final Extent extent;
  private final InputStream stream;
  private final byte[] buffer = new byte[BUFFER];
  private long count;
  private boolean ended;
  private volatile boolean closed;

  WebBody(WebExchange exchange, SourceHead head, Extent extent) throws IOException {
    this.exchange = exchange;
    this.head = head;
    this.extent = extent;
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
        finish();
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
    int room = (int) Math.min(into.remaining(), left());
    if (into.hasArray()) {
      int read = stream.read(into.array(), into.arrayOffset() + into.position(), room);
      into.position(into.position() + Math.max(read, 0));
      return read;
    }
    int read = stream.read(buffer, 0, Math.min(buffer.length, room));
    if (read > 0) {
      into.put(buffer, 0, read);
    }
    return read;
  }

  private long left() {
    return extent.length().orElse(Long.MAX_VALUE) - count;
  }

  /** The stream is not asked for an end that is known: it would let go of the connection. */
  private boolean isComplete() {
    return left() == 0;
  }

  private void finish() throws SourceException {
    if (!isComplete()) {
      if (extent.length().isPresent()) {
        throw new SourceException(Kind.TRUNCATED, "the body ended after " + progress());
      }
      return;
    }
    if (hasMore()) {
      throw new SourceException(
          Kind.OVERLONG,
          "%s sends more than the %,d bytes it announced".formatted(exchange.address(), count));
    }
  }

  private boolean hasMore() {
    boolean kept = extent.reuse() == WebRequest.Reuse.KEEP;
    try {
      boolean more =
          !isChunked() && exchange.connection().isDataAvailable(kept ? AT_ONCE : AFTERMATH);
      // The stream's end makes the library keep the connection.
      return more || ((kept || isChunked()) && stream.read() >= 0);
    } catch (IOException e) {
      // All bytes are here; that the connection breaks after them is no harm.
      return false;
    }
  }

  /** A body in chunks has an end of its own; it may have a known length all the same. */
  private boolean isChunked() {
    return exchange.response().getEntity() != null
        && exchange.response().getEntity().getContentLength() < 0;
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
              .formatted(exchange.address(), Seconds.of(exchange.limits().readIdle()), count),
          e);
    }
    return new SourceException(Kind.TRUNCATED, "the connection ended after " + progress(), e);
  }

  private String progress() {
    String of = extent.length().isPresent() ? " of %,d".formatted(extent.length().getAsLong()) : "";
    String from = extent.offset() > 0 ? " from byte %,d on".formatted(extent.offset()) : "";
    return "%,d%s bytes%s".formatted(count, of, from);
  }
}
