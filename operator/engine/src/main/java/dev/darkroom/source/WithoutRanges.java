package dev.darkroom.source;

import java.nio.ByteBuffer;

/**
 * All bytes in place of a range.
 *
 * @param body all bytes
 */
record WithoutRanges(SourceBody body) implements SourceBody {

  @Override
  public SourceHead head() {
    SourceHead head = body.head();
    return new SourceHead(
        head.location(), head.length(), head.validator(), false, head.contentType());
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    return body.read(into);
  }

  @Override
  public void close() {
    body.close();
  }
}
