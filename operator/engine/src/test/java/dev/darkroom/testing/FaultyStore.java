package dev.darkroom.testing;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A real store with scripted faults. Numbers of operations count from 1, starting when the script
 * is added. Thread-safe; scripts may be added at any time.
 *
 * <pre>
 * FaultyStore store = FaultyStore.over(FilesystemStore.open(directory));
 * store.on(APPEND).nth(3).fails(Kind.UNAVAILABLE);
 * store.on(COMMIT).first(2).fails(Kind.UNAVAILABLE);   // it flaps, and then works
 * store.on(COMMIT).nth(1).losesItsAnswer();            // the blob is published all the same
 * store.on(STAT).always().waitsAt(gate);
 * store.hasRoomFor(1 &lt;&lt; 20).corrupts(4711);
 * … store.heals();
 * </pre>
 */
public final class FaultyStore implements BlobStore {

  /** The operations that can fail. Aborts and suspensions always work. */
  public enum Operation {
    /** {@link BlobStore#open}. */
    OPEN,
    /** {@link BlobStore#resume}. */
    RESUME,
    /** {@link BlobStore#copy}. */
    COPY,
    /** {@link BlobWrite#append}: the write is broken then. */
    APPEND,
    /** {@link BlobWrite#checkpoint}. */
    CHECKPOINT,
    /** {@link BlobWrite#readBack}. */
    READ_BACK,
    /** {@link BlobWrite#commit}: the write is aborted then. */
    COMMIT,
    /** {@link BlobStore#presign}. */
    PRESIGN,
    /** {@link BlobStore#read}. */
    READ,
    /** Each read of the channel of {@link BlobStore#read}. */
    READ_BYTES,
    /** {@link BlobStore#stat}. */
    STAT,
    /** {@link BlobStore#list}. */
    LIST,
    /** {@link BlobStore#delete}. */
    DELETE,
    /** {@link BlobStore#sweep}. */
    SWEEP,
    /** {@link BlobStore#probe}. */
    PROBE
  }

  private final BlobStore store;
  private final StoreFaults faults = new StoreFaults();
  private final Set<Long> corrupt = ConcurrentHashMap.newKeySet();
  private final Set<Capability> hidden = ConcurrentHashMap.newKeySet();

  private FaultyStore(BlobStore store) {
    this.store = store;
  }

  /** Wraps a store, without faults at first. Closes it when it is closed. */
  public static FaultyStore over(BlobStore store) {
    return new FaultyStore(store);
  }

  /** Selects the operations of a fault. */
  public final class Calls {

    private final Operation operation;

    private Calls(Operation operation) {
      this.operation = operation;
    }

    /** Only this operation. */
    public Script nth(int number) {
      return new Script(operation, number, number);
    }

    /** The next so many operations. */
    public Script first(int count) {
      return new Script(operation, 1, count);
    }

    /** This operation and all later ones. */
    public Script from(int number) {
      return new Script(operation, number, Integer.MAX_VALUE);
    }

    /** Each operation. */
    public Script always() {
      return from(1);
    }
  }

  /** Selects the fault. */
  public final class Script {

    private final Operation operation;
    private final int first;
    private final int last;

    private Script(Operation operation, int first, int last) {
      this.operation = operation;
      this.first = first;
      this.last = last;
    }

    /** The operation is not done and fails. */
    public FaultyStore fails(Kind kind) {
      return add(
          StoreFaults.Moment.BEFORE,
          () -> {
            throw new StoreException(kind, "a test made " + operation + " fail");
          });
    }

    /** The operation is done, but its caller gets {@code UNAVAILABLE}. */
    public FaultyStore losesItsAnswer() {
      return add(
          StoreFaults.Moment.AFTER,
          () -> {
            throw new StoreException(Kind.UNAVAILABLE, "a test lost the answer of " + operation);
          });
    }

    /** The operation waits until the gate is open; an interrupt makes it {@code UNAVAILABLE}. */
    public FaultyStore waitsAt(Gate gate) {
      return add(StoreFaults.Moment.BEFORE, gate::pass);
    }

    /** The work runs before the operation, for example to stop the program under test. */
    public FaultyStore comesAfter(Runnable other) {
      return add(StoreFaults.Moment.BEFORE, other::run);
    }

    private FaultyStore add(StoreFaults.Moment moment, StoreFaults.Fault fault) {
      faults.add(operation, first, last, moment, fault);
      return FaultyStore.this;
    }
  }

  /** Starts a script for an operation. */
  public Calls on(Operation operation) {
    return new Calls(operation);
  }

  /** All operations fail from now on, except aborts and suspensions. */
  public FaultyStore goesDown(Kind kind) {
    for (Operation operation : Operation.values()) {
      on(operation).always().fails(kind);
    }
    return this;
  }

  /** Appends are {@code FULL} after so many bytes from now on; an abort releases its bytes. */
  public FaultyStore hasRoomFor(long bytes) {
    faults.setRoom(bytes);
    return this;
  }

  /** Each read of a published blob has a wrong bit in the byte at that offset. */
  public FaultyStore corrupts(long offset) {
    corrupt.add(offset);
    return this;
  }

  /** Hides a capability. */
  public FaultyStore lacks(Capability capability) {
    hidden.add(capability);
    return this;
  }

  /** Removes all faults; hidden capabilities stay hidden. */
  public FaultyStore heals() {
    faults.clear();
    corrupt.clear();
    return this;
  }

  /** Returns how often the operation was called. */
  public int calls(Operation operation) {
    return faults.calls(operation);
  }

  @Override
  public Set<Capability> capabilities() {
    Set<Capability> left = EnumSet.allOf(Capability.class);
    left.retainAll(store.capabilities());
    left.removeAll(hidden);
    return left;
  }

  @Override
  public BlobWrite open(BlobKey key) throws StoreException {
    faults.before(Operation.OPEN);
    return wrap(store.open(key), Operation.OPEN);
  }

  @Override
  public Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    faults.before(Operation.RESUME);
    Optional<BlobWrite> found =
        hidden.contains(Capability.RESUME) ? Optional.empty() : store.resume(key, token, atMost);
    return found.isEmpty() ? found : Optional.of(wrap(found.get(), Operation.RESUME));
  }

  @Override
  public Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    faults.before(Operation.COPY);
    BlobStore origin = from instanceof FaultyStore faulty ? faulty.store : from;
    Optional<BlobWrite> found =
        hidden.contains(Capability.SERVER_SIDE_COPY)
            ? Optional.empty()
            : store.copy(key, origin, blob);
    return found.isEmpty() ? found : Optional.of(wrap(found.get(), Operation.COPY));
  }

  private BlobWrite wrap(BlobWrite write, Operation operation) throws StoreException {
    try {
      faults.after(operation);
    } catch (StoreException e) {
      write.abort();
      throw e;
    }
    return new FaultyWrite(write, faults, !hidden.contains(Capability.RESUME));
  }

  @Override
  public Optional<URI> presign(BlobKey key, Duration validFor) throws StoreException {
    faults.before(Operation.PRESIGN);
    return hidden.contains(Capability.PRESIGN) ? Optional.empty() : store.presign(key, validFor);
  }

  @Override
  public ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException {
    faults.before(Operation.READ);
    return new FaultyChannel(store.read(key, offset, length), offset, faults, corrupt);
  }

  @Override
  public Optional<Blob> stat(BlobKey key) throws StoreException {
    faults.before(Operation.STAT);
    return store.stat(key);
  }

  @Override
  public Stream<Blob> list(String prefix) throws StoreException {
    faults.before(Operation.LIST);
    return store.list(prefix);
  }

  @Override
  public boolean delete(BlobKey key) throws StoreException {
    faults.before(Operation.DELETE);
    boolean deleted = store.delete(key);
    faults.after(Operation.DELETE);
    return deleted;
  }

  @Override
  public int sweep(Set<String> keep) throws StoreException {
    faults.before(Operation.SWEEP);
    return store.sweep(keep);
  }

  @Override
  public Headroom probe() throws StoreException {
    faults.before(Operation.PROBE);
    return store.probe();
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return "faulty " + store;
  }
}
