package dev.darkroom.store.filesystem;

import java.nio.ByteBuffer;

/**
 * Finds blocks of zeros, which a hole of the file replaces: {@value #BLOCK} bytes at a multiple of
 * that. Other bytes cost one comparison a block.
 */
final class ZeroBlocks {

  /**
   * The block size in bytes: the largest block of usual file systems, so that a hole saves space.
   */
  static final int BLOCK = 1 << 16;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

  private ZeroBlocks() {}

  /**
   * Returns how many bytes, from the buffer's position on, are whole blocks of zeros.
   *
   * @param at the offset of the buffer's position in the file
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

  /**
   * Returns how many bytes, from the buffer's position on, come before the next whole block of
   * zeros.
   */
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
