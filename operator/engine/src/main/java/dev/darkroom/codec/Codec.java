package dev.darkroom.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The closed list of compressions that are undone, each with the magic it begins with.
 *
 * <p>What several programs make by putting one file after the other is one stream for all of them:
 * gzip members (RFC 1952, 2.2), xz streams with padding between them (xz file format 1.2.1, 2),
 * zstd frames among skippable ones (RFC 8878, 3), bzip2 streams.
 */
public enum Codec {
  /** RFC 1952. */
  GZIP,
  /** The .xz file format 1.2.1. */
  XZ,
  /** RFC 8878; a stream may also begin with a skippable frame, as that of pzstd does. */
  ZSTD,
  /** No document describes it but the program's source: "BZh", a digit, the first block's magic. */
  BZIP2;

  /** How many of the first bytes {@link #detect} looks at. */
  public static final int HEAD_BYTES = 10;

  private static final byte[] XZ_MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
  private static final byte[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
  private static final byte[] BZIP2_END = {0x17, 0x72, 0x45, 0x38, 0x50, (byte) 0x90};

  /** The name in statuses: lower case, stable. */
  public String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Tells from the first bytes, those between the buffer's position and limit, which compression it
   * is. Leaves the buffer as it is.
   *
   * @param head the first {@value #HEAD_BYTES} bytes, or all there are
   */
  public static Optional<Codec> detect(ByteBuffer head) {
    byte[] first = new byte[Math.min(HEAD_BYTES, head.remaining())];
    head.duplicate().get(first);
    return Arrays.stream(values()).filter(codec -> codec.begins(first)).findFirst();
  }

  /**
   * Begins to expand.
   *
   * @param delivered the compressed bytes from the first one on; it is read from by {@link
   *     Decompression#read} alone, to its end, and not closed. What it throws comes out unchanged.
   * @param limits what the expansion may cost
   * @throws IOException when the first bytes say already that it can't be done
   */
  public Decompressor open(ReadableByteChannel delivered, DecodeLimits limits) throws IOException {
    return Decompressor.open(this, delivered, limits, System::nanoTime);
  }

  private boolean begins(byte[] head) {
    return switch (this) {
      // Deflate is the only method there is, and three of the flags must be zero.
      case GZIP ->
          head.length >= 4
              && has(head, 0, new byte[] {0x1F, (byte) 0x8B, 8})
              && (head[3] & 0xE0) == 0;
      case XZ -> has(head, 0, XZ_MAGIC);
      case ZSTD ->
          has(head, 0, new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD})
              || (has(head, 1, new byte[] {0x2A, 0x4D, 0x18}) && (head[0] & 0xF0) == 0x50);
      case BZIP2 ->
          has(head, 0, new byte[] {'B', 'Z', 'h'})
              && head.length == HEAD_BYTES
              && head[3] >= '1'
              && head[3] <= '9'
              && (has(head, 4, BZIP2_BLOCK) || has(head, 4, BZIP2_END));
    };
  }

  private static boolean has(byte[] head, int offset, byte[] magic) {
    return head.length >= offset + magic.length
        && Arrays.equals(head, offset, offset + magic.length, magic, 0, magic.length);
  }
}
