package dev.darkroom.source;

import java.nio.ByteBuffer;

/**
 * All bytes in the place of a range of them.
 *
 * @param body all bytes, of a source that may serve ranges to others in its own way
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
