package dev.darkroom.transfer.pipeline;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.Throttle;
import java.nio.ByteBuffer;

/** A body that counts the bytes of each read. */
public final class CountedBody implements SourceBody {

  /** Counts bytes; may delay the reader. */
  @FunctionalInterface
  public interface Count {
    /** So many bytes were read. */
    void read(int bytes) throws SourceException;
  }

  private final SourceBody body;
  private final Count count;

  /** Counts the reads of the body, which is closed with this one. */
  public CountedBody(SourceBody body, Count count) {
    this.body = body;
    this.count = count;
  }

  /** Limits the bandwidth of the reader, until the transfer is cancelled. */
  public static Count paying(Throttle throttle, CancellationToken token) {
    return bytes -> {
      try {
        throttle.pay(bytes, token);
      } catch (InterruptedException e) {
        throw new SourceException(
            SourceException.Kind.UNAVAILABLE, "The transfer was cancelled.", e);
      }
    };
  }

  /** Counts the bytes with the meter, and limits the bandwidth of the reader. */
  public static Count metered(ProgressMeter meter, Throttle throttle, CancellationToken token) {
    Count paying = paying(throttle, token);
    return bytes -> {
      meter.moved(bytes);
      paying.read(bytes);
    };
  }

  @Override
  public SourceHead head() {
    return body.head();
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    int bytes = body.read(into);
    if (bytes > 0) {
      count.read(bytes);
    }
    return bytes;
  }

  @Override
  public void close() {
    body.close();
  }
}
