package dev.darkroom.source.s3;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The body of one answer. Has the announced length, or a read fails. */
final class S3Body implements SourceBody {

  private static final Logger LOG = LoggerFactory.getLogger(S3Body.class);
  private static final int BUFFER = 64 << 10;

  private final String source;
  private final S3Answer.Part part;
  private final ResponseInputStream<GetObjectResponse> stream;
  private final S3Client client;
  private final byte[] buffer = new byte[BUFFER];
  private final AtomicBoolean closed = new AtomicBoolean();
  private long count;
  private boolean ended;

  /** Takes ownership of the stream and the client. */
  S3Body(
      String source,
      S3Answer.Part part,
      ResponseInputStream<GetObjectResponse> stream,
      S3Client client) {
    this.source = source;
    this.part = part;
    this.stream = stream;
    this.client = client;
  }

  @Override
  public SourceHead head() {
    return part.head();
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (!into.hasRemaining()) {
      throw new IllegalArgumentException("the buffer has no free space");
    }
    if (ended) {
      return -1;
    }
    if (closed.get()) {
      throw new SourceException(Kind.UNAVAILABLE, "the source is closed");
    }
    try {
      int read = stream.read(buffer, 0, Math.min(buffer.length, into.remaining()));
      if (read < 0) {
        requireAll();
        ended = true;
        close();
        return -1;
      }
      into.put(buffer, 0, read);
      count += read;
      requireNoMore();
      return read;
    } catch (IOException | SdkException e) {
      SourceException failure = failure(e);
      close();
      throw failure;
    }
  }

  private void requireAll() throws SourceException {
    if (part.length().isPresent() && count < part.length().getAsLong()) {
      throw new SourceException(Kind.TRUNCATED, "the connection ended after " + progress());
    }
  }

  private void requireNoMore() throws SourceException {
    if (part.length().isPresent() && count > part.length().getAsLong()) {
      throw new SourceException(
          Kind.OVERLONG,
          "%s sends more than the %,d bytes it announced"
              .formatted(source, part.length().getAsLong()));
    }
  }

  private SourceException failure(Exception e) {
    if (e instanceof SourceException already) {
      return already;
    }
    if (closed.get()) {
      return new SourceException(Kind.UNAVAILABLE, "the source was closed during a read", e);
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SocketTimeoutException) {
        return new SourceException(
            Kind.UNAVAILABLE, source + " sent nothing until the timeout, after " + progress(), e);
      }
    }
    return new SourceException(Kind.TRUNCATED, "the connection ended after " + progress(), e);
  }

  private String progress() {
    return part.length().isPresent()
        ? "%,d of %,d bytes".formatted(count, part.length().getAsLong())
        : "%,d bytes".formatted(count);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        stream.abort();
        client.close();
      } catch (RuntimeException e) {
        LOG.debug("closing {} failed", source, e);
      }
    }
  }
}
