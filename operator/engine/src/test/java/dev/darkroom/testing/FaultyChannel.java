package dev.darkroom.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;

/** The channel of a read of a {@link FaultyStore}. */
final class FaultyChannel implements ReadableByteChannel {

  private final ReadableByteChannel channel;
  private final StoreFaults faults;
  private final Set<Long> corrupt;
  private long position;

  FaultyChannel(ReadableByteChannel channel, long offset, StoreFaults faults, Set<Long> corrupt) {
    this.channel = channel;
    this.position = offset;
    this.faults = faults;
    this.corrupt = corrupt;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    faults.before(FaultyStore.Operation.READ_BYTES);
    int at = into.position();
    int count = channel.read(into);
    for (long offset : corrupt) {
      if (offset >= position && offset < position + count) {
        int index = at + (int) (offset - position);
        into.put(index, (byte) (into.get(index) ^ 1));
      }
    }
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
