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
 * The body of an answer, checked against its announced length: the client's stream reports an early
 * end, and behind the last byte the connection is checked for further bytes.
 */
final class WebBody implements SourceBody {

  /** The most bytes that the JDK reads from a socket at once. */
  private static final int BUFFER = 128 * 1024;

  /** The wait for bytes behind the last from a server that ignores {@code Connection: close}. */
  private static final Timeout CLOSE_WAIT = Timeout.ofMilliseconds(300);

  /**
   * The wait for further bytes before the next request on a kept connection. The bytes of an
   * overlong answer have arrived already.
   */
  private static final Timeout KEEP_WAIT = Timeout.ofMilliseconds(1);

  /**
   * The bytes of an answer.
   *
   * @param offset the first byte's offset in the whole
   * @param length the required number of bytes, if announced
   * @param reuse whether the connection is kept
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
      throw new IllegalArgumentException("the buffer has no free space");
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
      SourceException failure = failure(e);
      close();
      throw failure;
    }
  }

  @Override
  public void close() {
    closed = true;
    exchange.close();
  }

  private int fill(ByteBuffer into) throws IOException {
    int space = (int) Math.min(into.remaining(), left());
    if (into.hasArray()) {
      int read = stream.read(into.array(), into.arrayOffset() + into.position(), space);
      into.position(into.position() + Math.max(read, 0));
      return read;
    }
    int read = stream.read(buffer, 0, Math.min(buffer.length, space));
    if (read > 0) {
      into.put(buffer, 0, read);
    }
    return read;
  }

  private long left() {
    return extent.length().orElse(Long.MAX_VALUE) - count;
  }

  /** The stream is not read at a known end: that would release the connection. */
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
          !isChunked() && exchange.connection().isDataAvailable(kept ? KEEP_WAIT : CLOSE_WAIT);
      // The end of the stream makes the library keep the connection.
      return more || ((kept || isChunked()) && stream.read() >= 0);
    } catch (IOException e) {
      // The body is complete: a connection that breaks after its last byte does no harm.
      return false;
    }
  }

  /** A chunked body has its own end, even if its length is known. */
  private boolean isChunked() {
    return exchange.response().getEntity() != null
        && exchange.response().getEntity().getContentLength() < 0;
  }

  private SourceException failure(IOException e) {
    if (e instanceof SourceException already) {
      return already;
    }
    if (closed) {
      return new SourceException(Kind.UNAVAILABLE, "the source was closed during a read", e);
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
