package dev.darkroom.transfer;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A store in memory, with faults at chosen operations. */
public final class MemoryStore implements BlobStore {

  /** The operations that can fail. */
  public enum Operation {
    STAT,
    PROBE,
    OPEN,
    APPEND,
    COMMIT,
    DELETE,
    ABORT,
    RESUME,
    READ
  }

  /** A fault: throws, waits, or does nothing. */
  @FunctionalInterface
  public interface Fault {
    void happen() throws StoreException;
  }

  private record Stored(Blob blob, ByteBuffer content) {}

  private final Map<BlobKey, Stored> published = new ConcurrentSkipListMap<>();
  private final Map<Operation, Fault> faults = new EnumMap<>(Operation.class);
  private final AtomicInteger openWrites = new AtomicInteger();
  private final Map<String, byte[]> suspended = new ConcurrentHashMap<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private OptionalLong room = OptionalLong.empty();
  private OptionalInt partBytes = OptionalInt.empty();
  private boolean serverSideCopy;

  /** Adds a fault to each such operation. Before the store is used. */
  public MemoryStore on(Operation operation, Fault fault) {
    faults.put(operation, fault);
    return this;
  }

  /** Fails at each such operation with a message that names it. */
  public MemoryStore failingAt(Operation operation, StoreException.Kind kind) {
    return on(
        operation,
        () -> {
          throw new StoreException(kind, "no " + operation);
        });
  }

  public MemoryStore withRoomFor(long bytes) {
    room = OptionalLong.of(bytes);
    return this;
  }

  /** Makes writes resumable, but not readable; bytes of an unfinished part are lost, as in S3. */
  public MemoryStore resumingPartsOf(int bytes) {
    partBytes = OptionalInt.of(bytes);
    return this;
  }

  /** Adds server-side copy between such stores. */
  MemoryStore withServerSideCopy() {
    serverSideCopy = true;
    return this;
  }

  /** The tokens of the writes that were suspended. */
  public Set<String> suspended() {
    return Set.copyOf(suspended.keySet());
  }

  public MemoryStore holding(BlobKey key, byte[] content, Map<String, String> attributes) {
    Blob blob = new Blob(key, content.length, attributes, Instant.EPOCH);
    published.put(key, new Stored(blob, ByteBuffer.wrap(content.clone())));
    return this;
  }

  /** Nothing published, nothing unfinished. */
  public boolean isEmpty() {
    return published.isEmpty() && openWrites() == 0 && suspended.isEmpty();
  }

  public int openWrites() {
    return openWrites.get();
  }

  public byte[] content(BlobKey key) {
    return published.get(key).content().array().clone();
  }

  @Override
  public Set<Capability> capabilities() {
    return serverSideCopy ? Set.of(Capability.SERVER_SIDE_COPY) : Set.of();
  }

  @Override
  public BlobWrite open(BlobKey key) throws StoreException {
    happen(Operation.OPEN);
    requireFree(key);
    openWrites.incrementAndGet();
    return new Write(key, "write-" + tokens.incrementAndGet());
  }

  @Override
  public Optional<BlobWrite> resume(BlobKey key, String token, long atMost) throws StoreException {
    happen(Operation.RESUME);
    byte[] content = suspended.remove(token);
    if (content == null) {
      return Optional.empty();
    }
    openWrites.incrementAndGet();
    Write write = new Write(key, token);
    int most = (int) Math.min(content.length, atMost);
    write.content.write(content, 0, most - most % partBytes.orElseThrow());
    return Optional.of(write);
  }

  @Override
  public Optional<BlobWrite> copy(BlobKey key, BlobStore from, Blob blob) throws StoreException {
    if (!serverSideCopy || !(from instanceof MemoryStore other) || !other.serverSideCopy) {
      return Optional.empty();
    }
    requireFree(key);
    openWrites.incrementAndGet();
    Write write = new Write(key, "copy-" + tokens.incrementAndGet());
    write.content.writeBytes(other.content(blob.key()));
    return Optional.of(write);
  }

  @Override
  public ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException {
    happen(Operation.READ);
    byte[] content = content(key);
    int end = (int) Math.min(content.length, offset + length);
    return Channels.newChannel(
        new ByteArrayInputStream(Arrays.copyOfRange(content, (int) offset, end)));
  }

  @Override
  public Optional<Blob> stat(BlobKey key) throws StoreException {
    happen(Operation.STAT);
    return Optional.ofNullable(published.get(key)).map(Stored::blob);
  }

  @Override
  public Stream<Blob> list(String prefix) {
    return published.values().stream()
        .map(Stored::blob)
        .filter(blob -> blob.key().value().startsWith(prefix));
  }

  @Override
  public boolean delete(BlobKey key) throws StoreException {
    happen(Operation.DELETE);
    return published.remove(key) != null;
  }

  @Override
  public int sweep(Set<String> keep) {
    return 0;
  }

  @Override
  public Headroom probe() throws StoreException {
    happen(Operation.PROBE);
    return new Headroom(room);
  }

  @Override
  public void close() {}

  private void happen(Operation operation) throws StoreException {
    Fault fault = faults.get(operation);
    if (fault != null) {
      fault.happen();
    }
  }

  private void requireFree(BlobKey key) throws StoreException {
    if (published.containsKey(key)) {
      throw new StoreException(StoreException.Kind.ALREADY_EXISTS, key + " is taken");
    }
  }

  private final class Write implements BlobWrite {

    private final BlobKey key;
    private final String token;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean ended;

    Write(BlobKey key, String token) {
      this.key = key;
      this.token = token;
    }

    @Override
    public Optional<String> token() {
      return partBytes.isPresent() ? Optional.of(token) : Optional.empty();
    }

    @Override
    public void suspend() {
      if (partBytes.isEmpty()) {
        abort();
      } else if (!ended) {
        suspended.put(token, content.toByteArray());
        end();
      }
    }

    @Override
    public long position() {
      return content.size();
    }

    @Override
    public void append(ByteBuffer bytes) throws StoreException {
      happen(Operation.APPEND);
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      content.writeBytes(copy);
    }

    @Override
    public Blob commit(Map<String, String> attributes) throws StoreException {
      happen(Operation.COMMIT);
      requireFree(key);
      Blob blob = new Blob(key, content.size(), attributes, Instant.now());
      published.put(key, new Stored(blob, ByteBuffer.wrap(content.toByteArray())));
      end();
      return blob;
    }

    @Override
    public void abort() {
      if (!ended) {
        end();
        try {
          happen(Operation.ABORT);
        } catch (StoreException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private void end() {
      ended = true;
      openWrites.decrementAndGet();
    }
  }
}
