package dev.darkroom.store.filesystem;

import java.nio.ByteBuffer;

/**
 * Finds what need not be written because a hole reads the same: blocks of nothing but zeros, of
 * {@value #BLOCK} bytes and at a multiple of that in the file. Bytes that are not zeros cost one
 * comparison a block.
 */
final class ZeroBlocks {

  /** Bytes. As large as the largest block of a usual file system, so that a hole saves room. */
  static final int BLOCK = 1 << 16;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

  private ZeroBlocks() {}

  /**
   * How many bytes from the buffer's position on are whole blocks of zeros.
   *
   * @param at where in the file the buffer's position is
   */
  static int leading(ByteBuffer bytes, long at) {
    if (at % BLOCK != 0) {
      return 0;
    }
    int length = 0;
    while (isZeroBlock(bytes, length)) {
      length += BLOCK;
    }
    return length;
  }

  /** How many bytes from the buffer's position on come before the next whole block of zeros. */
  static int beforeNext(ByteBuffer bytes, long at) {
    int length = (int) ((BLOCK - at % BLOCK) % BLOCK);
    while (length + BLOCK <= bytes.remaining() && !isZeroBlock(bytes, length)) {
      length += BLOCK;
    }
    return length + BLOCK <= bytes.remaining() ? length : bytes.remaining();
  }

  private static boolean isZeroBlock(ByteBuffer bytes, int offset) {
    return offset + BLOCK <= bytes.remaining()
        && bytes.slice(bytes.position() + offset, BLOCK).mismatch(ZEROS) < 0;
  }
}
