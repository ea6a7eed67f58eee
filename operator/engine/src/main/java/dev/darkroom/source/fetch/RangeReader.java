package dev.darkroom.source.fetch;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import java.nio.ByteBuffer;

/** Reads a range of a source's bytes in order. Read by one thread; close is thread-safe. */
interface RangeReader {

  /** As {@link SourceBody#read}. */
  int read(ByteBuffer into) throws SourceException;

  /** As {@link SourceBody#close}. */
  void close();
}
