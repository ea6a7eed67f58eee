package dev.darkroom.store.s3;

import dev.darkroom.store.BlobKey;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import dev.darkroom.store.s3.S3StoreErrors.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A range of a blob's bytes. Replaces a broken connection by one for the rest, unless several in a
 * row brought almost no bytes.
 */
final class ObjectRangeChannel implements ReadableByteChannel {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectRangeChannel.class);
  private static final int BUFFER = 64 << 10;
  private static final int TRIES = 3;

  /** After so many bytes of one connection the count of failures restarts. */
  private static final long WORTH_IT = 1 << 20;

  private final BlobKey key;
  private final ObjectBlobRecord record;
  private final Records records;
  private final Bucket bucket;
  private final byte[] buffer = new byte[BUFFER];
  private final long end;
  private long position;
  private Optional<ResponseInputStream<GetObjectResponse>> stream = Optional.empty();
  private long sinceConnect;
  private int failures;
  private volatile boolean closed;

  private ObjectRangeChannel(
      BlobKey key,
      ObjectBlobRecord record,
      Records records,
      Bucket bucket,
      long position,
      long end) {
    this.key = key;
    this.record = record;
    this.records = records;
    this.bucket = bucket;
    this.position = position;
    this.end = end;
  }

  /** Opens the range, which lies inside the blob. */
  static ObjectRangeChannel open(
      BlobKey key, ObjectBlobRecord record, Records records, Bucket bucket, long position, long end)
      throws StoreException {
    ObjectRangeChannel channel =
        new ObjectRangeChannel(key, record, records, bucket, position, end);
    if (position < end) {
      channel.connect();
    }
    return channel;
  }

  private void connect() throws StoreException {
    ResponseInputStream<GetObjectResponse> opened;
    try {
      opened = bucket.get(records.data(key, record), position, end);
    } catch (StoreException e) {
      throw e.kind() == Kind.NOT_FOUND ? records.missing(record) : e;
    }
    stream = Optional.of(opened);
    sinceConnect = 0;
    records.check(record, described(opened.response()));
    long expected = end - position;
    if (opened.response().contentLength() != expected) {
      throw bucket
          .errors()
          .of(
              Kind.UNAVAILABLE,
              "%s: %,d bytes were requested, but the answer has %,d"
                  .formatted(key, expected, opened.response().contentLength()));
    }
  }

  /** Returns the size and ETag of the whole object, from the answer to a range. */
  private Bucket.Stored described(GetObjectResponse response) {
    String range = Optional.ofNullable(response.contentRange()).orElse("");
    long size;
    try {
      size = Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    } catch (NumberFormatException e) {
      // A server that ignores the range sends all bytes.
      size = response.contentLength();
    }
    return new Bucket.Stored(size, Bucket.unquoted(response.eTag()));
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (position == end) {
      return -1;
    }
    int wanted = (int) Math.min(Math.min(into.remaining(), buffer.length), end - position);
    if (wanted == 0) {
      return 0;
    }
    while (true) {
      try {
        if (stream.isEmpty()) {
          connect();
        }
        int count = stream.orElseThrow().read(buffer, 0, wanted);
        if (count < 0) {
          throw new IOException("the answer ends early");
        }
        into.put(buffer, 0, count);
        position += count;
        sinceConnect += count;
        if (sinceConnect >= WORTH_IT) {
          failures = 0;
        }
        return count;
      } catch (StoreException e) {
        throw e;
      } catch (IOException | SdkException e) {
        reconnect(e);
      }
    }
  }

  private void reconnect(Exception cause) throws StoreException {
    abandon();
    failures++;
    if (Thread.currentThread().isInterrupted() || failures == TRIES) {
      RuntimeException failure =
          cause instanceof RuntimeException runtime
              ? runtime
              : new java.io.UncheckedIOException((IOException) cause);
      throw bucket.errors().of("read " + key, Access.READ, failure);
    }
    LOG.debug("The read of {} continues at {}", key, position, cause);
    connect();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    abandon();
  }

  /** Aborted, not closed: a close would read the rest to reuse the connection. */
  private void abandon() {
    stream.ifPresent(
        open -> {
          if (position < end) {
            open.abort();
          } else {
            closeQuietly(open);
          }
        });
    stream = Optional.empty();
  }

  private void closeQuietly(ResponseInputStream<GetObjectResponse> open) {
    try {
      open.close();
    } catch (IOException | SdkException e) {
      LOG.debug("The close of the read of {} failed", key, e);
    }
  }
}
