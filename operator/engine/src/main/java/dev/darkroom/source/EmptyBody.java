package dev.darkroom.source;

import java.nio.ByteBuffer;

/**
 * No bytes.
 *
 * @param head what was said about them
 */
public record EmptyBody(SourceHead head) implements SourceBody {

  @Override
  public int read(ByteBuffer into) {
    return -1;
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }
}
