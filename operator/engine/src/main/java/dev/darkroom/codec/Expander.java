package dev.darkroom.codec;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The decoder of one format. It reads its {@link Delivery} to the end. */
interface Expander extends Closeable {

  /**
   * Expands at least one byte into the buffer, or returns -1 at the end of a valid stream. Throws
   * any exception of the library; {@link Delivery#explain} translates it.
   */
  int read(ByteBuffer into) throws IOException;

  @Override
  void close() throws IOException;
}
