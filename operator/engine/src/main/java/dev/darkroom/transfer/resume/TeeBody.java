package dev.darkroom.transfer.resume;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A body whose bytes can be copied to the staging directory. Whether they are is decided after the
 * first bytes have shown a compression; until then the bytes are held in memory. For one thread,
 * except {@link #close}.
 */
public final class TeeBody implements SourceBody {

  private final SourceBody body;
  private Optional<ByteArrayOutputStream> held = Optional.of(new ByteArrayOutputStream());
  private Optional<StagingTee> tee = Optional.empty();
  private long count;

  /** Wraps a body, which is closed with this one. */
  public TeeBody(SourceBody body) {
    this.body = body;
  }

  /** Copies all bytes, those that are held first. */
  public void copyTo(StagingTee where) {
    held.ifPresent(bytes -> where.accept(ByteBuffer.wrap(bytes.toByteArray())));
    held = Optional.empty();
    tee = Optional.of(where);
  }

  /** Copies no bytes. */
  public void passThrough() {
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
      tee.ifPresent(where -> where.ended(count));
      return read;
    }
    count += read;
    ByteBuffer passed = into.duplicate().flip().position(start);
    if (held.isPresent()) {
      byte[] bytes = new byte[passed.remaining()];
      passed.get(bytes);
      held.get().writeBytes(bytes);
    } else {
      tee.ifPresent(where -> where.accept(passed));
    }
    return read;
  }

  @Override
  public void close() {
    body.close();
  }
}
