package dev.darkroom.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The supported compressions, each with the magic number at the start of its streams.
 *
 * <p>Concatenated files are one stream in every codec: gzip members (RFC 1952, 2.2), xz streams
 * with padding between them (xz file format 1.2.1, 2), zstd frames and skippable frames (RFC 8878,
 * 3), bzip2 streams.
 */
public enum Codec {
  /** RFC 1952. */
  GZIP,
  /** The .xz file format 1.2.1. */
  XZ,
  /** RFC 8878. A stream may also begin with a skippable frame, as a stream of pzstd does. */
  ZSTD,
  /**
   * Described only by the program's source: "BZh", a digit, the magic number of the first block.
   */
  BZIP2;

  /** The number of first bytes that {@link #detect} examines. */
  public static final int HEAD_BYTES = 10;

  private static final byte[] XZ_MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
  private static final byte[] BZIP2_BLOCK = {0x31, 0x41, 0x59, 0x26, 0x53, 0x59};
  private static final byte[] BZIP2_END = {0x17, 0x72, 0x45, 0x38, 0x50, (byte) 0x90};

  /** Returns the name in statuses: lower case, stable. */
  public String apiName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Detects the compression from the first bytes: the bytes between the buffer's position and
   * limit. Does not change the buffer.
   *
   * @param head the first {@value #HEAD_BYTES} bytes, or all bytes of a shorter stream
   */
  public static Optional<Codec> detect(ByteBuffer head) {
    byte[] first = new byte[Math.min(HEAD_BYTES, head.remaining())];
    head.duplicate().get(first);
    return Arrays.stream(values()).filter(codec -> codec.begins(first)).findFirst();
  }

  /**
   * Starts to expand a stream.
   *
   * @param delivered the channel of the compressed bytes, at the first byte. This call and {@link
   *     Decompressor#read} read it, to its end, and do not close it. Its exceptions are thrown
   *     unchanged.
   * @param limits the limits of the expansion
   * @throws IOException when the first bytes already show that the stream can't be expanded
   */
  public Decompressor open(ReadableByteChannel delivered, DecodeLimits limits) throws IOException {
    return Decompressor.open(this, delivered, limits, System::nanoTime);
  }

  private boolean begins(byte[] head) {
    return switch (this) {
      // Deflate is the only defined method; the three reserved flags must be zero.
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
