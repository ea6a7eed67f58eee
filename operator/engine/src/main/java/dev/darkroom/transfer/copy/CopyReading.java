package dev.darkroom.transfer.copy;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import dev.darkroom.store.StoreException;
import dev.darkroom.transfer.call.CancellationToken;
import dev.darkroom.transfer.call.StoreCallException;
import dev.darkroom.transfer.call.TimedChannel;
import dev.darkroom.transfer.call.TransferContext;
import dev.darkroom.transfer.model.Failures;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a published copy, and keeps what the store threw. For one thread, except close. */
public final class CopyReading implements SourceBody {

  private final String store;
  private final long size;
  private final TimedChannel channel;
  private long left;
  private Optional<Throwable> thrown = Optional.empty();
  private volatile boolean closed;

  private CopyReading(String store, long size, TimedChannel channel) {
    this.store = store;
    this.size = size;
    this.channel = channel;
    this.left = size;
  }

  /**
   * Opens a copy for a read of so many bytes.
   *
   * @param store the name of the store, for messages
   */
  public static CopyReading open(
      TransferContext context,
      CancellationToken token,
      String store,
      long size,
      TimedChannel.Opening opening)
      throws StoreCallException {
    return new CopyReading(store, size, TimedChannel.open(context, token, store, opening));
  }

  /** What the store threw; empty when nothing. */
  Optional<Throwable> thrown() {
    return thrown;
  }

  @Override
  public SourceHead head() {
    return new SourceHead(
        "the copy in store " + store,
        OptionalLong.of(size),
        Optional.empty(),
        true,
        Optional.empty());
  }

  @Override
  public int read(ByteBuffer into) throws SourceException {
    try {
      int count = channel.read(into);
      if (count < 0 && left > 0) {
        throw new StoreCallException(
            new StoreException(
                StoreException.Kind.CORRUPT, "the copy ended " + left + " bytes early."));
      }
      left -= Math.max(0, count);
      return count;
    } catch (StoreCallException e) {
      if (!closed) {
        thrown = Optional.of(e.getCause());
      }
      throw new SourceException(
          SourceException.Kind.UNAVAILABLE,
          Failures.ofStore(store, e.getCause()).message(),
          e.getCause());
    }
  }

  /** Closes the channel; also on the thread that cancels. */
  @Override
  public void close() {
    closed = true;
    channel.close();
  }
}
