package dev.darkroom.transfer.pipeline;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.Throttle;
import java.nio.ByteBuffer;

/** A body that tells how many bytes were read of it, as they are. */
public final class CountedBody implements SourceBody {

  /** Hears of bytes, and may hold up who reads them. */
  @FunctionalInterface
  public interface Count {
    void read(int bytes) throws SourceException;
  }

  private final SourceBody body;
  private final Count count;

  public CountedBody(SourceBody body, Count count) {
    this.body = body;
    this.count = count;
  }

  /** Has who reads pay for the bytes, until it is stopped. */
  public static Count paying(Throttle throttle, CancellationToken stop) {
    return bytes -> {
      try {
        throttle.pay(bytes, stop);
      } catch (InterruptedException e) {
        throw new SourceException(SourceException.Kind.UNAVAILABLE, "The transfer was stopped.", e);
      }
    };
  }

  /** Has the meter count the bytes, and who reads pay for them. */
  public static Count metered(ProgressMeter meter, Throttle throttle, CancellationToken stop) {
    Count paying = paying(throttle, stop);
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
