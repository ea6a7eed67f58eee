package dev.darkroom.transfer.call;

import dev.darkroom.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a store's channel with a timeout on each read. The store's thread fills a buffer of the
 * size of a chunk. For one thread, except {@link #close}.
 */
public final class TimedChannel implements Closeable {

  /** Opens a channel of a store. */
  @FunctionalInterface
  public interface Opening {
    /** Opens the channel; may block. */
    ReadableByteChannel open() throws StoreException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(TimedChannel.class);

  private final TransferContext context;
  private final CancellationToken token;
  private final String store;
  private final ReadableByteChannel channel;

  /** Filled by the store's thread, emptied by the reader's; never by both at a time. */
  private final ByteBuffer buffer;

  /** The store's thread is still reading, and closes the channel when it returns. */
  private volatile boolean abandoned;

  private TimedChannel(
      TransferContext context, CancellationToken token, String store, ReadableByteChannel channel) {
    this.context = context;
    this.token = token;
    this.store = store;
    this.channel = channel;
    this.buffer = ByteBuffer.allocateDirect(context.chunks().bytesEach());
    buffer.limit(0);
  }

  /**
   * Opens a channel.
   *
   * @param store the store's name, for messages
   * @throws StoreCallException when the store fails, or does not answer in time
   */
  public static TimedChannel open(
      TransferContext context, CancellationToken token, String store, Opening opening)
      throws StoreCallException {
    ReadableByteChannel channel =
        StoreCall.start(context.threads(), store, opening::open, TimedChannel::closeQuietly)
            .await(context.timeouts().call(), token, context.timeouts().grace());
    return new TimedChannel(context, token, store, channel);
  }

  /**
   * Reads at least one byte, if the buffer has room for one.
   *
   * @return how many bytes were read, or -1 at the end
   * @throws StoreCallException when the store fails, or does not answer in time
   */
  public int read(ByteBuffer into) throws StoreCallException {
    if (!buffer.hasRemaining() && fill() < 0) {
      return -1;
    }
    int count = Math.min(buffer.remaining(), into.remaining());
    ByteBuffer some = buffer.slice(buffer.position(), count);
    into.put(some);
    buffer.position(buffer.position() + count);
    return count;
  }

  /** Closes the channel; an abandoned read closes it later. */
  @Override
  public void close() {
    if (!abandoned) {
      closeQuietly(channel);
    }
  }

  private int fill() throws StoreCallException {
    StoreCall<Integer> call =
        StoreCall.start(context.threads(), store, this::readBuffer, late -> closeQuietly(channel));
    try {
      return call.await(context.timeouts().append(), token, context.timeouts().grace());
    } finally {
      abandoned = call.abandoned();
    }
  }

  private int readBuffer() throws IOException {
    buffer.clear();
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = channel.read(buffer);
    }
    buffer.flip();
    return buffer.hasRemaining() ? buffer.remaining() : -1;
  }

  private static void closeQuietly(ReadableByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A channel of a store could not be closed", e);
    }
  }
}
