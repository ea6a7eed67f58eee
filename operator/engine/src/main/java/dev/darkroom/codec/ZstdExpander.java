package dev.darkroom.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** RFC 8878, in libzstd's own buffers: frames one after the other, skippable ones among them. */
final class ZstdExpander implements Expander {

  private static final int SMALLEST_WINDOW_LOG = 10;
  private static final int LARGEST_WINDOW_LOG = 31;

  private final Delivery delivery;
  private final ByteBuffer input = ByteBuffer.allocateDirect(Delivery.BUFFER_BYTES).limit(0);
  private final ByteBuffer output = ByteBuffer.allocateDirect(Delivery.BUFFER_BYTES);
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private boolean betweenFrames;
  private boolean noMore;

  ZstdExpander(Delivery delivery, long memoryBytes) {
    this.delivery = delivery;
    int windowLog = Long.SIZE - 1 - Long.numberOfLeadingZeros(memoryBytes);
    context.setLongMax(Math.min(LARGEST_WINDOW_LOG, Math.max(SMALLEST_WINDOW_LOG, windowLog)));
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (into.isDirect()) {
      return expand(into);
    }
    int count = expand(output.clear().limit(Math.min(output.capacity(), into.remaining())));
    if (count > 0) {
      into.put(output.flip());
    }
    return count;
  }

  @Override
  public void close() {
    context.close();
  }

  private int expand(ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.position() == start) {
      if (!input.hasRemaining() && !noMore) {
        noMore = delivery.read(input.clear()) < 0;
        input.flip();
      }
      if (betweenFrames && !input.hasRemaining()) {
        return -1;
      }
      int before = input.remaining();
      // Also without input: a full output buffer may have left something inside.
      betweenFrames = context.decompressDirectByteBufferStream(into, input);
      if (noMore && before == 0 && into.position() == start && !betweenFrames) {
        throw new EOFException();
      }
    }
    return into.position() - start;
  }
}
