package dev.darkroom.source;

import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * The bytes of one opening of a {@link Source}. Read by one thread; {@link #close} may be called by
 * any thread and makes a blocked read end at once with an exception.
 */
public interface SourceBody extends Closeable {

  /** What the source said about the bytes before the first of them. */
  SourceHead head();

  /**
   * Reads at least one byte into the buffer, blocking as long as the source's own time-outs allow.
   *
   * @return how many were read, or -1 at the true end: where a length was announced, all of it came
   *     and nothing after it
   * @throws SourceException when the body ended early, went on past its length, stalled or broke
   */
  int read(ByteBuffer into) throws SourceException;

  /** Lets go of the connection, whether the body was read to its end or not. Never throws. */
  @Override
  void close();
}
