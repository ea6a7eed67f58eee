package dev.darkroom.source;

import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * The bytes of one answer of a {@link Source}. Read by one thread. {@link #close} is thread-safe
 * and ends a blocked read with an exception.
 */
public interface SourceBody extends Closeable {

  /** Returns what the source announced about the bytes. */
  SourceHead head();

  /**
   * Reads at least one byte into the buffer. Blocks at most as long as the timeouts of the source.
   *
   * @return how many bytes were read, or -1 at the end: all announced bytes came, and no more
   * @throws SourceException when the body ended early, continued past its announced length, stalled
   *     or broke
   */
  int read(ByteBuffer into) throws SourceException;

  /** Closes the connection, also before the end of the body. Never throws. */
  @Override
  void close();
}
