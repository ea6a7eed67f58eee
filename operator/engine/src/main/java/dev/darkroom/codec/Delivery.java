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
 * The compressed bytes on their way into a decoder: counted, with the time that is spent waiting
 * for them taken off the decoder's, and remembering what their channel threw, so that a library
 * that wraps or swallows it does not turn a broken connection into a damaged file.
 */
final class Delivery {

  /** How much is asked for at once. */
  static final int BUFFER_BYTES = 128 << 10;

  /** What the library says of a dictionary of 2 GiB or more, for which its arrays are too short. */
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

  /** Reads at least one byte, or returns -1 at the end, as often as it is asked there. */
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

  /** The same bytes for a library that takes streams. */
  InputStream stream() {
    return new Stream();
  }

  /**
   * What is to be thrown for what a decoder threw: what the channel threw, if it did; else what it
   * says about the stream.
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

  /** The libraries' messages are fixed sentences; those of the runtime say nothing to a reader. */
  private static String detail(Exception e) {
    if (e.getMessage() == null || !(e instanceof IOException || e instanceof ZstdException)) {
      return "its contents contradict themselves";
    }
    return e.getMessage();
  }

  /** Unlike that of the JDK, this buffer is not locked at each byte. */
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
