package dev.darkroom.transfer.resume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.copy.CopyReading;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The bytes of earlier attempts, read back, followed by the rest from the source. */
public final class ReplayBody implements SourceBody {

  /** Opens the source at the end of the bytes of earlier attempts. */
  @FunctionalInterface
  public interface Rest {
    /** Opens the source; may block. */
    SourceBody open() throws SourceException;
  }

  private final SourceHead head;
  private final CopyReading replay;
  private final Optional<Rest> rest;
  private final Object lock = new Object();
  private long left;

  @GuardedBy("lock")
  private Optional<SourceBody> body = Optional.empty();

  @GuardedBy("lock")
  private boolean closed;

  /**
   * Reads both, in this order.
   *
   * @param head of the source's answer to an earlier attempt
   * @param replay the bytes of earlier attempts
   * @param position how many
   * @param rest empty when there are no more bytes
   */
  public ReplayBody(SourceHead head, CopyReading replay, long position, Optional<Rest> rest) {
    this.head = head;
    this.replay = replay;
    this.left = position;
    this.rest = rest;
  }

  @Override
  public SourceHead head() {
    synchronized (lock) {
      return body.map(SourceBody::head).orElse(head);
    }
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    if (left > 0) {
      int count = replay.read(into);
      left -= Math.max(0, count);
      if (count >= 0) {
        return count;
      }
    }
    if (rest.isEmpty()) {
      return -1;
    }
    return opened(rest.get()).read(into);
  }

  @Override
  public void close() {
    Optional<SourceBody> opened;
    synchronized (lock) {
      closed = true;
      opened = body;
    }
    replay.close();
    opened.ifPresent(SourceBody::close);
  }

  private SourceBody opened(Rest source) throws SourceException {
    synchronized (lock) {
      if (body.isPresent()) {
        return body.get();
      }
    }
    SourceBody fresh = source.open();
    synchronized (lock) {
      if (!closed) {
        body = Optional.of(fresh);
        return fresh;
      }
    }
    fresh.close();
    throw new SourceException(SourceException.Kind.UNAVAILABLE, "The transfer was cancelled.");
  }
}
