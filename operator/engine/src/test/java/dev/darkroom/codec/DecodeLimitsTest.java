package dev.darkroom.codec;

import static dev.darkroom.codec.Compressed.channel;
import static dev.darkroom.codec.Compressed.content;
import static dev.darkroom.codec.Compressed.joined;
import static dev.darkroom.codec.Compressed.repeated;
import static dev.darkroom.codec.Compressed.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.codec.DecompressionException.LimitExceeded;
import dev.darkroom.codec.DecompressionException.LimitExceeded.Limit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits for small streams that expand to many bytes or take long. */
class DecodeLimitsTest {

  private static final int MIB = 1 << 20;
  private static final DecodeLimits DEFAULTS = DecodeLimits.defaults();

  /** 2560 concatenated streams of 4 MiB of zeros each: 10 GiB in few bytes. */
  private static final int ZEROS = 4 * MIB;

  private static final int TIMES = 2560;

  @ParameterizedTest
  @EnumSource
  void tenGibibytesOfZerosFailAtTheGrace(Codec codec) {
    byte[] zeros = with(codec, new byte[ZEROS]);

    LimitExceeded thrown = exceeded(codec, repeated(zeros, TIMES), DEFAULTS, System::nanoTime);

    assertThat(thrown.limit()).isEqualTo(Limit.RATIO);
    assertThat(thrown).hasMessageContaining(codec.apiName()).hasMessageContaining("500:1");
  }

  @ParameterizedTest
  @EnumSource
  void tenGibibytesOfZerosEndAtTheSizeAllowed(Codec codec) {
    byte[] zeros = with(codec, new byte[ZEROS]);
    DecodeLimits limits =
        new DecodeLimits(20L * MIB, Long.MAX_VALUE, 0, 130L * MIB, Duration.ofHours(1));
    ReadableByteChannel bomb = repeated(zeros, TIMES);

    assertThatThrownBy(
            () -> {
              try (Decompressor decompression = codec.open(bomb, limits)) {
                long expanded = 0;
                ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
                while (expanded >= 0) {
                  assertThat(decompression.expanded()).isLessThanOrEqualTo(20L * MIB);
                  expanded = decompression.read(buffer.clear());
                }
              }
            })
        .isInstanceOfSatisfying(
            LimitExceeded.class, e -> assertThat(e.limit()).isEqualTo(Limit.EXPANDED_SIZE));
  }

  @ParameterizedTest
  @EnumSource
  void exactlyWhatIsAllowedComesOut(Codec codec) throws IOException {
    byte[] compressed = with(codec, content(1000, 1));

    assertThat(expand(codec, channel(compressed), limits(1000, 1000), System::nanoTime))
        .isEqualTo(1000);
    assertThat(exceeded(codec, channel(compressed), limits(999, 1000), System::nanoTime).limit())
        .isEqualTo(Limit.EXPANDED_SIZE);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyStartOfADiskIsNoBomb(Codec codec) throws IOException {
    byte[] zeros =
        joined(Collections.nCopies(15, with(codec, new byte[ZEROS])).toArray(byte[][]::new));
    byte[] rest = with(codec, content(100_000, 2));

    assertThat(expand(codec, channel(joined(zeros, rest)), DEFAULTS, System::nanoTime))
        .isEqualTo(60L * MIB + 100_000);
  }

  @ParameterizedTest
  @EnumSource
  void timeSpentDecodingIsLimitedAlsoWhereNothingComesOut(Codec codec) {
    byte[] nothing = with(codec, new byte[0]);
    AtomicLong now = new AtomicLong();
    LongSupplier slow = () -> now.addAndGet(Duration.ofMinutes(1).toNanos());

    LimitExceeded thrown = exceeded(codec, repeated(nothing, 1_000_000), DEFAULTS, slow);

    assertThat(thrown.limit()).isEqualTo(Limit.TIME);
    assertThat(thrown).hasMessageContaining("21600 s");
  }

  @Test
  void timeSpentWaitingForTheSourceIsNotDecoding() throws IOException {
    AtomicLong now = new AtomicLong();
    ReadableByteChannel compressed = channel(with(Codec.GZIP, content(1000, 3)));
    ReadableByteChannel slow =
        new ReadableByteChannel() {
          @Override
          public int read(ByteBuffer into) throws IOException {
            now.addAndGet(Duration.ofDays(1).toNanos());
            return compressed.read(into.slice(into.position(), 1)) < 0
                ? -1
                : into.position(into.position() + 1).remaining() >= 0 ? 1 : 0;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };

    assertThat(expand(Codec.GZIP, slow, DEFAULTS, now::get)).isEqualTo(1000);
  }

  /** 37 is 1.5 GiB, the largest dictionary that the library supports; 40 is 4 GiB less one byte. */
  @ParameterizedTest
  @ValueSource(ints = {32, 37, 38, 40})
  void anXzDictionaryLargerThanAllowedIsNotAllocated(int size) {
    byte[] compressed = with(Codec.XZ, content(1000, 4));
    // Block header (xz format 3.1): size, flags, filter LZMA2 with one byte of properties.
    assertThat(compressed[14]).isEqualTo((byte) 0x21);
    int headerSize = (compressed[12] + 1) * 4;
    compressed[16] = (byte) size;
    CRC32 crc = new CRC32();
    crc.update(compressed, 12, headerSize - 4);
    ByteBuffer.wrap(compressed)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(12 + headerSize - 4, (int) crc.getValue());

    LimitExceeded thrown = exceeded(Codec.XZ, channel(compressed), DEFAULTS, System::nanoTime);

    assertThat(thrown.limit()).isEqualTo(Limit.MEMORY);
    assertThat(thrown).hasMessageContaining(size > 37 ? "1.5 GiB" : "than the 133120 KiB allowed");
  }

  @Test
  void aZstdWindowLargerThanAllowedIsNotAllocated() throws IOException {
    // RFC 8878, 3.1.1: no content size, window of 2^(10 + exponent), one last raw block of 1 byte.
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 9, 0, 0, 'x'};

    frame[5] = (byte) (17 << 3); // 128 MiB
    assertThat(expand(Codec.ZSTD, channel(frame), DEFAULTS, System::nanoTime)).isEqualTo(1);
    frame[5] = (byte) (18 << 3); // 256 MiB
    assertThat(exceeded(Codec.ZSTD, channel(frame), DEFAULTS, System::nanoTime).limit())
        .isEqualTo(Limit.MEMORY);
  }

  /**
   * The header also gives the size of the content, 1 byte. libzstd then expands the frame in one
   * step, and does not check its window.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64 << 10})
  void aZstdWindowLargerThanAllowedIsFoundWhereTheContentFitsTheBuffer(int chunk) {
    // Content size of 8 bytes, window of 2 GiB, one last raw block of 1 byte.
    byte[] frame = {
      0x28,
      (byte) 0xB5,
      0x2F,
      (byte) 0xFD,
      (byte) 0xC0,
      (byte) (21 << 3),
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      9,
      0,
      0,
      'x'
    };
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 5};
    byte[] small = frame.clone();
    small[5] = 10 << 3;

    for (byte[] stream :
        List.of(
            frame, joined(skippable, frame), joined(small, frame), joined(small, small, frame))) {
      LimitExceeded thrown =
          exceeded(Codec.ZSTD, inChunks(stream, chunk), DEFAULTS, System::nanoTime);
      assertThat(thrown.limit()).isEqualTo(Limit.MEMORY);
      assertThat(thrown).hasMessageContaining("a window of 2147483648 bytes");
    }
  }

  private static ReadableByteChannel inChunks(byte[] bytes, int chunk) {
    ReadableByteChannel all = channel(bytes);
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer into) throws IOException {
        int limit = into.limit();
        int count = all.read(into.limit(Math.min(limit, into.position() + chunk)));
        into.limit(limit);
        return count;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  private static DecodeLimits limits(long expanded, long ratio) {
    return new DecodeLimits(expanded, ratio, 0, 64L * MIB, Duration.ofHours(1));
  }

  private static LimitExceeded exceeded(
      Codec codec, ReadableByteChannel delivered, DecodeLimits limits, LongSupplier clock) {
    LimitExceeded thrown =
        catchThrowableOfType(LimitExceeded.class, () -> expand(codec, delivered, limits, clock));
    assertThat(thrown).isNotNull();
    return thrown;
  }

  private static long expand(
      Codec codec, ReadableByteChannel delivered, DecodeLimits limits, LongSupplier clock)
      throws IOException {
    try (Decompressor decompression = Decompressor.open(codec, delivered, limits, clock)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(MIB);
      while (decompression.read(buffer.clear()) >= 0) {
        // Reads to the end.
      }
      return decompression.expanded();
    }
  }
}
