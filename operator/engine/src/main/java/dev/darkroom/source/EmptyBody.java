package dev.darkroom.source;

import java.nio.ByteBuffer;

/**
 * A body without bytes.
 *
 * @param head the head of the source
 */
public record EmptyBody(SourceHead head) implements SourceBody {

  @Override
  public int read(ByteBuffer into) {
    return -1;
  }

  @Override
  public void close() {
    // Holds no connection.
  }
}
