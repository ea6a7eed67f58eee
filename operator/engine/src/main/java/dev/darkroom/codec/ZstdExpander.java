package dev.darkroom.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import dev.darkroom.codec.DecompressionException.Damaged;
import dev.darkroom.codec.DecompressionException.Damaged.Damage;
import dev.darkroom.codec.DecompressionException.LimitExceeded;
import dev.darkroom.codec.DecompressionException.LimitExceeded.Limit;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Expands zstd (RFC 8878) with libzstd: a sequence of frames, which may include skippable frames.
 *
 * <p>libzstd does not check the window size of a frame whose whole content fits into the output
 * buffer. Therefore this class checks the limit in the header of each frame.
 */
final class ZstdExpander implements Expander {

  private static final int SMALLEST_WINDOW_LOG = 10;
  private static final int LARGEST_WINDOW_LOG = 31;

  private static final int MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int SINGLE_SEGMENT = 1 << 5;

  /** The magic number, the frame header descriptor and the window descriptor. */
  private static final int WINDOW_HEADER_BYTES = 6;

  private final Delivery delivery;
  private final ByteBuffer input = ByteBuffer.allocateDirect(Delivery.BUFFER_BYTES).limit(0);
  private final ByteBuffer output = ByteBuffer.allocateDirect(Delivery.BUFFER_BYTES);
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final long largestWindow;
  private boolean betweenFrames;
  private boolean headerChecked;
  private boolean noMore;

  ZstdExpander(Delivery delivery, long memoryBytes) {
    this.delivery = delivery;
    int windowLog = Long.SIZE - 1 - Long.numberOfLeadingZeros(memoryBytes);
    int longest = Math.min(LARGEST_WINDOW_LOG, Math.max(SMALLEST_WINDOW_LOG, windowLog));
    largestWindow = 1L << longest;
    context.setLongMax(longest);
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
      if (!input.hasRemaining()) {
        fill();
      }
      if (betweenFrames && !input.hasRemaining()) {
        return -1;
      }
      if (!headerChecked) {
        checkHeader();
        headerChecked = true;
      }
      int before = input.remaining();
      // Also without input: libzstd may hold output that did not fit into the last buffer.
      betweenFrames = context.decompressDirectByteBufferStream(into, input);
      headerChecked = !betweenFrames;
      if (noMore && before == 0 && into.position() == start && !betweenFrames) {
        throw new EOFException();
      }
    }
    return into.position() - start;
  }

  private void fill() throws IOException {
    if (!noMore) {
      noMore = delivery.read(input.compact()) < 0;
      input.flip();
    }
  }

  /**
   * Checks the frame header (section 3.1.1.1). libzstd refuses a frame that ends inside its header.
   */
  private void checkHeader() throws IOException {
    while (input.remaining() < WINDOW_HEADER_BYTES && !noMore) {
      fill();
    }
    ByteBuffer header = input.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (header.remaining() < Integer.BYTES) {
      return;
    }
    int magic = header.getInt(0);
    if (magic != MAGIC && (magic & SKIPPABLE_MASK) != SKIPPABLE_MAGIC) {
      throw new Damaged(
          Damage.CORRUPT,
          "The zstd stream is damaged: after %d bytes, no frame begins where one must."
              .formatted(delivery.count() - input.remaining()),
          null);
    }
    if (magic == MAGIC
        && header.remaining() >= WINDOW_HEADER_BYTES
        && (header.get(4) & SINGLE_SEGMENT) == 0
        && window(header.get(5)) > largestWindow) {
      throw new LimitExceeded(
          Limit.MEMORY,
          "The zstd stream needs a window of %d bytes to be expanded, more than the %d allowed."
              .formatted(window(header.get(5)), largestWindow));
    }
  }

  /**
   * Calculates the window size (section 3.1.1.1.2): five bits of exponent, three bits of mantissa.
   */
  private static long window(byte descriptor) {
    long base = 1L << (10 + ((descriptor & 0xFF) >>> 3));
    return base + base / 8 * (descriptor & 7);
  }
}
