package dev.darkroom.testing;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.Optional;

/** A write of a {@link FaultyStore}; breaks as a write of a real store does. */
final class FaultyWrite implements BlobWrite {

  private final BlobWrite write;
  private final StoreFaults faults;
  private final boolean resumable;
  private Optional<StoreException> failure = Optional.empty();
  private long roomTaken;
  private boolean ended;

  FaultyWrite(BlobWrite write, StoreFaults faults, boolean resumable) {
    this.write = write;
    this.faults = faults;
    this.resumable = resumable;
  }

  @Override
  public long position() {
    return write.position();
  }

  @Override
  public void append(ByteBuffer bytes) throws StoreException {
    requireSound();
    try {
      faults.before(FaultyStore.Operation.APPEND);
      appendWhatFits(bytes);
      faults.after(FaultyStore.Operation.APPEND);
    } catch (StoreException e) {
      failure = Optional.of(e);
      throw e;
    }
  }

  private void appendWhatFits(ByteBuffer bytes) throws StoreException {
    int room = ended ? bytes.remaining() : faults.takeRoom(bytes.remaining());
    roomTaken += room;
    if (room == bytes.remaining()) {
      write.append(bytes);
      return;
    }
    write.append(bytes.slice(bytes.position(), room));
    throw new StoreException(Kind.FULL, "a test left no more room");
  }

  @Override
  public Optional<String> token() {
    return resumable ? write.token() : Optional.empty();
  }

  @Override
  public long checkpoint() throws StoreException {
    requireSound();
    faults.before(FaultyStore.Operation.CHECKPOINT);
    return resumable ? write.checkpoint() : 0;
  }

  @Override
  public Optional<ReadableByteChannel> readBack(long offset, long length) throws StoreException {
    requireSound();
    faults.before(FaultyStore.Operation.READ_BACK);
    return write.readBack(offset, length);
  }

  @Override
  public Blob commit(Map<String, String> attributes) throws StoreException {
    Blob blob;
    try {
      requireSound();
      faults.before(FaultyStore.Operation.COMMIT);
      blob = write.commit(attributes);
    } catch (StoreException e) {
      abort();
      throw e;
    }
    ended = true;
    faults.after(FaultyStore.Operation.COMMIT);
    return blob;
  }

  @Override
  public void suspend() {
    if (!resumable) {
      abort();
      return;
    }
    ended = true;
    write.suspend();
  }

  @Override
  public void abort() {
    if (!ended) {
      ended = true;
      faults.giveRoomBack(roomTaken);
    }
    write.abort();
  }

  private void requireSound() throws StoreException {
    if (failure.isPresent()) {
      StoreException earlier = failure.get();
      throw new StoreException(
          earlier.kind(), "an earlier append failed: " + earlier.getMessage(), earlier);
    }
  }
}
