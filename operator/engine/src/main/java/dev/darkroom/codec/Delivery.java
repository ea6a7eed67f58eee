package dev.darkroom.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.darkroom.codec.DecompressionException.Damaged;
import dev.darkroom.codec.DecompressionException.Damaged.Damage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;

/**
 * The input of a decoder. Counts the compressed bytes, and stops the decoder's stopwatch while it
 * waits for them. Keeps the exception of the channel: a library may wrap or swallow it, and a
 * broken connection would then look like a damaged file.
 */
final class Delivery {

  /** The size of one read. */
  static final int BUFFER_BYTES = 128 << 10;

  /** The library's message for a dictionary of 2 GiB or more, which exceeds its arrays. */
  private static final String XZ_DICTIONARY = "Unsupported LZMA2 properties";

  private final ReadableByteChannel channel;
  private final Stopwatch stopwatch;
  private long count;
  private boolean askedPastEnd;
  private Optional<Throwable> thrown = Optional.empty();

  Delivery(ReadableByteChannel channel, Stopwatch stopwatch) {
    this.channel = channel;
    this.stopwatch = stopwatch;
  }

  long count() {
    return count;
  }

  Stopwatch stopwatch() {
    return stopwatch;
  }

  /** Reads at least one byte. Returns -1 at the end, at every further call too. */
  int read(ByteBuffer into) throws IOException {
    stopwatch.pause();
    stopwatch.requireTime();
    int read;
    try {
      read = askedPastEnd ? -1 : channel.read(into);
    } catch (IOException | RuntimeException e) {
      thrown = Optional.of(e);
      throw e;
    }
    if (read == 0) {
      throw new IllegalStateException("the channel returned no bytes before its end");
    }
    if (read < 0) {
      askedPastEnd = true;
    } else {
      count += read;
    }
    stopwatch.start();
    return read;
  }

  /** Returns the same bytes as a stream, for libraries that read streams. */
  InputStream stream() {
    return new Stream();
  }

  /**
   * Translates an exception of a decoder. Returns the exception of the channel if the channel
   * failed, or else the meaning of the decoder's exception for the stream. Throws a runtime
   * exception of the channel unchanged.
   */
  IOException explain(Codec codec, Exception e) {
    if (thrown.isPresent()) {
      if (thrown.get() instanceof IOException ofChannel) {
        return ofChannel;
      }
      throw (RuntimeException) thrown.get();
    }
    if (e instanceof DecompressionException known) {
      return known;
    }
    if (e instanceof MemoryLimitException memory) {
      return new DecompressionException.LimitExceeded(
          DecompressionException.LimitExceeded.Limit.MEMORY,
          "The xz stream needs %d KiB of memory to be expanded, more than the %d KiB allowed."
              .formatted(memory.getMemoryNeeded(), memory.getMemoryLimit()));
    }
    if (e instanceof ZstdException zstd
        && Zstd.getErrorCode(zstd.getErrorCode()) == Zstd.errFrameParameterWindowTooLarge()) {
      return new DecompressionException.LimitExceeded(
          DecompressionException.LimitExceeded.Limit.MEMORY,
          "The zstd stream needs a larger window to be expanded than is allowed.");
    }
    if (e instanceof UnsupportedOptionsException && XZ_DICTIONARY.equals(e.getMessage())) {
      return new DecompressionException.LimitExceeded(
          DecompressionException.LimitExceeded.Limit.MEMORY,
          "The xz stream needs a dictionary of more than 1.5 GiB to be expanded, more than allowed.");
    }
    if (e instanceof UnsupportedOptionsException) {
      return new Damaged(
          Damage.UNSUPPORTED,
          "The %s stream uses what this decoder does not know: %s."
              .formatted(codec.apiName(), detail(e)),
          e);
    }
    if (e instanceof EOFException || askedPastEnd) {
      return new Damaged(
          Damage.TRUNCATED,
          "The %s stream ends in the middle, after %d bytes.".formatted(codec.apiName(), count),
          e);
    }
    return new Damaged(
        Damage.CORRUPT,
        "The %s stream is damaged, within its first %d bytes: %s."
            .formatted(codec.apiName(), count, detail(e)),
        e);
  }

  /**
   * Returns the message of a library, a fixed sentence. Messages of the runtime do not help a user.
   */
  private static String detail(Exception e) {
    if (e.getMessage() == null || !(e instanceof IOException || e instanceof ZstdException)) {
      return "its contents contradict themselves";
    }
    return e.getMessage();
  }

  /** A buffered stream that takes no lock at each byte, unlike the JDK's. */
  private final class Stream extends InputStream {

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    @Override
    public int read() throws IOException {
      return position < limit || fill() ? buffer[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position == limit && !fill()) {
        return -1;
      }
      int taken = Math.min(length, limit - position);
      System.arraycopy(buffer, position, into, offset, taken);
      position += taken;
      return taken;
    }

    private boolean fill() throws IOException {
      position = 0;
      limit = Math.max(0, Delivery.this.read(ByteBuffer.wrap(buffer)));
      return limit > 0;
    }
  }
}
