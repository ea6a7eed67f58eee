package dev.darkroom.transfer.resume;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A body whose bytes may be kept as they pass. Whether they are to be is known only when the first
 * of them were looked at; until somebody says so, they are held in memory. For one thread, but for
 * {@link #close}.
 */
public final class TeeBody implements SourceBody {

  private final SourceBody body;
  private Optional<ByteArrayOutputStream> held = Optional.of(new ByteArrayOutputStream());
  private Optional<StagingTee> keeping = Optional.empty();
  private long count;

  public TeeBody(SourceBody body) {
    this.body = body;
  }

  /** All are to be kept, those that have passed already too. */
  public void keepIn(StagingTee where) {
    held.ifPresent(bytes -> where.accept(ByteBuffer.wrap(bytes.toByteArray())));
    held = Optional.empty();
    keeping = Optional.of(where);
  }

  /** None is to be kept. */
  public void letPass() {
    held = Optional.empty();
  }

  @Override
  public SourceHead head() {
    return body.head();
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    int start = into.position();
    int read = body.read(into);
    if (read < 0) {
      keeping.ifPresent(where -> where.ended(count));
      return read;
    }
    count += read;
    ByteBuffer passed = into.duplicate().flip().position(start);
    if (held.isPresent()) {
      byte[] bytes = new byte[passed.remaining()];
      passed.get(bytes);
      held.get().writeBytes(bytes);
    } else {
      keeping.ifPresent(where -> where.accept(passed));
    }
    return read;
  }

  @Override
  public void close() {
    body.close();
  }
}
