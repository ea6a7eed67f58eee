package dev.darkroom.transfer.resume;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.transfer.copy.CopyReading;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The bytes that are there already, read back, and then those that are not. */
public final class ReplayBody implements SourceBody {

  /** Opens the source where the bytes that are there end. */
  @FunctionalInterface
  public interface Rest {
    SourceBody open() throws SourceException;
  }

  private final SourceHead head;
  private final CopyReading memory;
  private final Optional<Rest> rest;
  private final Object lock = new Object();
  private long left;
  private Optional<SourceBody> body = Optional.empty();
  private boolean closed;

  /**
   * @param head what the source said when it was begun
   * @param memory the bytes that are there
   * @param position how many
   * @param rest empty when there are no others
   */
  public ReplayBody(SourceHead head, CopyReading memory, long position, Optional<Rest> rest) {
    this.head = head;
    this.memory = memory;
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
      int count = memory.read(into);
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
    memory.close();
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
    throw new SourceException(SourceException.Kind.UNAVAILABLE, "The transfer was stopped.");
  }
}
