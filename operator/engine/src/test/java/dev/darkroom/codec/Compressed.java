package dev.darkroom.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Compressed streams for tests. */
public final class Compressed {

  private Compressed() {}

  /** Returns text-like bytes that compress to about a half; the same seed gives the same bytes. */
  static byte[] content(int length, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(16));
    }
    return bytes;
  }

  /** Compresses the bytes to one member, stream or frame with a checksum of its contents. */
  public static byte[] with(Codec codec, byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = encoder(codec, compressed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static OutputStream encoder(Codec codec, OutputStream out) throws IOException {
    return switch (codec) {
      case GZIP -> new GZIPOutputStream(out);
      case XZ -> new XZOutputStream(out, new LZMA2Options(1));
      case ZSTD -> new ZstdOutputStream(out).setChecksum(true);
      case BZIP2 -> new BZip2CompressorOutputStream(out);
    };
  }

  /** Compresses the bytes with the program; skips the test when it is not installed. */
  static byte[] byProgram(byte[] content, String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      throw e;
    }
    Thread feeder =
        new Thread(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    feeder.start();
    byte[] compressed = process.getInputStream().readAllBytes();
    feeder.join();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return compressed;
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  /** Repeats the bytes; memory holds them only once. */
  static ReadableByteChannel repeated(byte[] bytes, int times) {
    List<InputStream> parts =
        Collections.nCopies(times, bytes).stream()
            .map(part -> (InputStream) new ByteArrayInputStream(part))
            .toList();
    return Channels.newChannel(new SequenceInputStream(Collections.enumeration(parts)));
  }
}
