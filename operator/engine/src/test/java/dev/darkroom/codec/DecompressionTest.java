package dev.darkroom.codec;

import static dev.darkroom.codec.Compressed.byProgram;
import static dev.darkroom.codec.Compressed.channel;
import static dev.darkroom.codec.Compressed.content;
import static dev.darkroom.codec.Compressed.joined;
import static dev.darkroom.codec.Compressed.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.codec.DecompressionException.Damaged;
import dev.darkroom.codec.DecompressionException.Damaged.Damage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expansion of valid streams, and the errors for invalid streams. */
class DecompressionTest {

  private static final byte[] EMPTY = {};

  @ParameterizedTest
  @EnumSource
  void compressedBytesExpandToTheOriginal(Codec codec) throws IOException {
    byte[] content = content(1_000_000, 1);

    assertThat(expand(codec, with(codec, content))).isEqualTo(content);
    assertThat(expand(codec, with(codec, EMPTY))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void buffersOfEverySizeAreFilled(Codec codec) throws IOException {
    byte[] content = content(20_000, 2);
    byte[] compressed = with(codec, content);

    for (int size : new int[] {1, 7, 4096, 1 << 20}) {
      assertThat(expand(codec, channel(compressed), ByteBuffer.allocate(size))).isEqualTo(content);
      assertThat(expand(codec, channel(compressed), ByteBuffer.allocateDirect(size)))
          .isEqualTo(content);
    }
  }

  static List<Arguments> programs() {
    return List.of(
        Arguments.of(Codec.GZIP, new String[] {"gzip", "-1"}),
        Arguments.of(Codec.GZIP, new String[] {"gzip", "-9"}),
        Arguments.of(Codec.XZ, new String[] {"xz", "-0"}),
        Arguments.of(Codec.XZ, new String[] {"xz", "-9"}),
        Arguments.of(Codec.XZ, new String[] {"xz", "-T2", "--block-size=65536", "-C", "sha256"}),
        Arguments.of(Codec.XZ, new String[] {"xz", "--x86", "--lzma2", "-C", "crc32"}),
        Arguments.of(Codec.ZSTD, new String[] {"zstd", "-1"}),
        Arguments.of(Codec.ZSTD, new String[] {"zstd", "--ultra", "-22"}),
        Arguments.of(Codec.ZSTD, new String[] {"zstd", "--long=27", "--no-check"}),
        Arguments.of(Codec.BZIP2, new String[] {"bzip2", "-1"}),
        Arguments.of(Codec.BZIP2, new String[] {"bzip2", "-9"}));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void streamsOfTheProgramsAreDetectedAndExpanded(Codec codec, String[] command) throws Exception {
    byte[] content = joined(content(150_000, 3), new byte[200_000], content(20_000, 3));

    byte[] compressed = byProgram(content, command);

    assertThat(Codec.detect(ByteBuffer.wrap(compressed))).contains(codec);
    assertThat(expand(codec, compressed)).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource
  void concatenatedStreamsExpandAsOne(Codec codec) throws IOException {
    byte[] first = content(200_000, 4);
    byte[] second = content(1000, 5);

    byte[] compressed =
        joined(with(codec, first), with(codec, EMPTY), with(codec, second), with(codec, EMPTY));

    assertThat(expand(codec, compressed)).isEqualTo(joined(first, second));
  }

  @Test
  void xzStreamsMayHavePaddingBetweenAndBehindThem() throws IOException {
    byte[] content = content(1000, 6);
    byte[] compressed = with(Codec.XZ, content);

    assertThat(expand(Codec.XZ, joined(compressed, new byte[8], compressed, new byte[512])))
        .isEqualTo(joined(content, content));
    assertThat(damage(Codec.XZ, joined(compressed, new byte[3]))).isNotEmpty();
  }

  @Test
  void gzipMayHaveZerosBehindIt() throws IOException {
    byte[] content = content(1000, 6);

    assertThat(expand(Codec.GZIP, joined(with(Codec.GZIP, content), new byte[300_000])))
        .isEqualTo(content);
    assertThat(damage(Codec.GZIP, joined(with(Codec.GZIP, content), new byte[9], new byte[] {1})))
        .contains(Damage.CORRUPT);
  }

  @Test
  void gzipHeadersMayHaveAllFields() throws Exception {
    byte[] content = content(100, 7);
    byte[] plain = with(Codec.GZIP, content);
    byte[] header = {
      0x1F,
      (byte) 0x8B,
      8,
      2 | 4 | 8 | 16,
      1,
      2,
      3,
      4,
      0,
      3, // as RFC 1952, 2.3
      3,
      0,
      'x',
      'y',
      'z', // extra field
      'n',
      'a',
      'm',
      'e',
      0, //
      'c',
      0
    };
    CRC32 crc = new CRC32();
    crc.update(header);
    byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);

    assertThat(expand(Codec.GZIP, joined(header, sum, body))).isEqualTo(content);
    sum[0]++;
    assertThat(damage(Codec.GZIP, joined(header, sum, body))).contains(Damage.CORRUPT);
  }

  /** A decoder that keeps the name would need memory for every byte of it. */
  @Test
  void aGzipNameWithoutEndIsDamage() {
    byte[] header = {0x1F, (byte) 0x8B, 8, 8, 0, 0, 0, 0, 0, 3};
    byte[] name = new byte[200_000];
    Arrays.fill(name, (byte) 'n');

    assertThat(damage(Codec.GZIP, joined(header, name))).contains(Damage.CORRUPT);
  }

  @Test
  void zstdFramesMayBeMixedWithSkippableFrames() throws IOException {
    byte[] content = content(1000, 8);
    byte[] frame = with(Codec.ZSTD, content);
    byte[] skippable = joined(new byte[] {0x5A, 0x2A, 0x4D, 0x18, 5, 0, 0, 0}, new byte[5]);
    byte[] compressed = joined(skippable, frame, skippable, frame, skippable);

    assertThat(Codec.detect(ByteBuffer.wrap(compressed))).contains(Codec.ZSTD);
    assertThat(expand(Codec.ZSTD, compressed)).isEqualTo(joined(content, content));
    assertThat(damage(Codec.ZSTD, Arrays.copyOf(compressed, compressed.length - 1)))
        .contains(Damage.TRUNCATED);
  }

  @ParameterizedTest
  @EnumSource
  void everyPrefixOfAStreamIsTruncated(Codec codec) {
    byte[] compressed = with(codec, content(600, 9));

    for (int length = 0; length < compressed.length; length++) {
      assertThat(damage(codec, Arrays.copyOf(compressed, length)))
          .as("cut to %d of %d bytes", length, compressed.length)
          .contains(Damage.TRUNCATED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPrefixOfASecondStreamIsDamage(Codec codec) {
    byte[] one = with(codec, content(100, 10));

    for (int length = 1; length < one.length; length++) {
      assertThat(damage(codec, joined(one, Arrays.copyOf(one, length))))
          .as("cut to %d of %d bytes", length, one.length)
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFlippedBitIsDamageOrChangesNothing(Codec codec) {
    byte[] content = content(60, 11);
    byte[] compressed = with(codec, content);
    int found = 0;

    for (int bit = 0; bit < compressed.length * 8; bit++) {
      byte[] flipped = compressed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(expand(codec, flipped)).as("bit %d", bit).isEqualTo(content);
      } catch (DecompressionException e) {
        found++;
      } catch (IOException e) {
        throw new AssertionError("bit " + bit, e);
      }
    }
    assertThat(found).isGreaterThan(compressed.length * 4);
  }

  @ParameterizedTest
  @EnumSource
  void garbageBehindTheEndIsDamage(Codec codec) {
    byte[] sound = with(codec, content(1000, 12));
    List<IntFunction<byte[]>> garbage =
        List.of(
            length -> "\n<html>garbage".repeat(length).getBytes(StandardCharsets.US_ASCII),
            length -> content(length, 13));

    for (IntFunction<byte[]> of : garbage) {
      for (int length : new int[] {1, 2, 3, 4, 5, 100, 300_000}) {
        assertThat(damage(codec, joined(sound, of.apply(length)))).as("%d", length).isNotEmpty();
      }
      assertThat(damage(codec, joined(sound, of.apply(100)))).contains(Damage.CORRUPT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyDeliveredByteIsReadByTheEnd(Codec codec) throws IOException {
    byte[] compressed = joined(with(codec, content(10, 14)), with(codec, EMPTY));

    try (Decompressor decompression = codec.open(channel(compressed), DecodeLimits.defaults())) {
      assertThat(drain(decompression, ByteBuffer.allocate(5))).hasSize(10);
      assertThat(decompression.delivered()).isEqualTo(compressed.length);
      assertThat(decompression.expanded()).isEqualTo(10);
      assertThat(decompression.codec()).isEqualTo(codec);
      assertThat(decompression.read(ByteBuffer.allocate(5))).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExceptionOfTheChannelIsUnchanged(Codec codec) throws IOException {
    byte[] compressed = with(codec, content(300_000, 15));
    IOException broken = new IOException("connection reset");
    int half = compressed.length / 2;
    ReadableByteChannel channel =
        Channels.newChannel(
            new SequenceInputStream(
                new ByteArrayInputStream(compressed, 0, half),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw broken;
                  }

                  @Override
                  public int read(byte[] into, int offset, int length) throws IOException {
                    throw broken;
                  }
                }));

    assertThatThrownBy(() -> expand(codec, channel, ByteBuffer.allocate(4096))).isSameAs(broken);
  }

  @ParameterizedTest
  @EnumSource
  void theMagicIdentifiesACompression(Codec codec) {
    byte[] compressed = with(codec, content(100, 16));

    assertThat(Codec.detect(ByteBuffer.wrap(compressed))).contains(codec);
    assertThat(Codec.detect(ByteBuffer.wrap(with(codec, EMPTY)))).contains(codec);
    assertThat(Codec.detect(ByteBuffer.wrap(compressed, 0, 3).slice())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "B", "BZh9 is no block", "QFI\u00fb", "plain", "\u001f\u008b\u0007\u0000zz"})
  void otherBytesAreNotCompressed(String bytes) {
    assertThat(Codec.detect(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1))))
        .isEmpty();
  }

  private static Optional<Damage> damage(Codec codec, byte[] compressed) {
    return Optional.ofNullable(catchThrowableOfType(Damaged.class, () -> expand(codec, compressed)))
        .map(Damaged::damage);
  }

  private static byte[] expand(Codec codec, byte[] compressed) throws IOException {
    return expand(codec, channel(compressed), ByteBuffer.allocateDirect(64 << 10));
  }

  private static byte[] expand(Codec codec, ReadableByteChannel delivered, ByteBuffer buffer)
      throws IOException {
    try (Decompressor decompression = codec.open(delivered, DecodeLimits.defaults())) {
      return drain(decompression, buffer);
    }
  }

  private static byte[] drain(Decompressor decompression, ByteBuffer buffer) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (decompression.read(buffer.clear()) >= 0) {
      assertThat(buffer.position()).isPositive();
      byte[] part = new byte[buffer.flip().remaining()];
      buffer.get(part);
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
