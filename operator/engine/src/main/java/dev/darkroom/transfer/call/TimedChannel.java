package dev.darkroom.transfer.call;

import dev.darkroom.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a store gives, and does not wait for it for ever. The store reads into a buffer that
 * nobody else uses, so that a read that comes back late does no harm. For one thread.
 */
public final class TimedChannel implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(TimedChannel.class);

  /** Opens a channel of a store. */
  @FunctionalInterface
  public interface Opening {
    public ReadableByteChannel open() throws StoreException;
  }

  private final TransferContext context;
  private final CancellationToken stop;
  private final String store;
  private final ReadableByteChannel channel;
  private final ByteBuffer buffer;
  private volatile boolean lost;

  private TimedChannel(
      TransferContext context, CancellationToken stop, String store, ReadableByteChannel channel) {
    this.context = context;
    this.stop = stop;
    this.store = store;
    this.channel = channel;
    this.buffer = ByteBuffer.allocateDirect(context.chunks().bytesEach());
    buffer.limit(0);
  }

  /**
   * Opens it.
   *
   * @param store its name, for people
   */
  public static TimedChannel open(
      TransferContext context, CancellationToken stop, String store, Opening opening)
      throws StoreCallException {
    ReadableByteChannel channel =
        StoreCall.start(context.threads(), store, opening::open, TimedChannel::closeQuietly)
            .await(context.patience().call(), stop, context.patience().grace());
    return new TimedChannel(context, stop, store, channel);
  }

  /**
   * Reads at least one byte, if there is room for one.
   *
   * @return how many were read, or -1 at the end
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

  /** Leaves it to the store's thread when that is still reading. */
  @Override
  public void close() {
    if (!lost) {
      closeQuietly(channel);
    }
  }

  private int fill() throws StoreCallException {
    StoreCall<Integer> call =
        StoreCall.start(context.threads(), store, this::readMuch, late -> closeQuietly(channel));
    try {
      return call.await(context.patience().append(), stop, context.patience().grace());
    } finally {
      lost = call.abandoned();
    }
  }

  private int readMuch() throws IOException {
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
      LOG.debug("Closing what a store gives failed", e);
    }
  }
}
