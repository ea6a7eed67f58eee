package dev.darkroom.controller;

import dev.darkroom.store.Blob;
import dev.darkroom.store.BlobKey;
import dev.darkroom.store.BlobStore;
import dev.darkroom.store.BlobWrite;
import dev.darkroom.store.Headroom;
import dev.darkroom.store.StoreException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A store whose calls hang until the gate opens, like one on a dead network file system. */
public final class GatedStore implements BlobStore {

  private final BlobStore store;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  public GatedStore(BlobStore store) {
    this.store = store;
  }

  /** Opens the gate: hanging calls and all later calls continue. */
  public void openGate() {
    gate.countDown();
  }

  /** Waits until a call hangs. */
  public void awaitHanging() throws InterruptedException {
    reached.await();
  }

  public boolean isClosed() {
    return closed.get();
  }

  private BlobStore afterTheGate() throws StoreException {
    reached.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted", e);
    }
    return store;
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public BlobWrite open(BlobKey key) throws StoreException {
    return afterTheGate().open(key);
  }

  @Override
  public ReadableByteChannel read(BlobKey key, long offset, long length) throws StoreException {
    return afterTheGate().read(key, offset, length);
  }

  @Override
  public Optional<Blob> stat(BlobKey key) throws StoreException {
    return afterTheGate().stat(key);
  }

  @Override
  public Stream<Blob> list(String prefix) throws StoreException {
    return afterTheGate().list(prefix);
  }

  @Override
  public boolean delete(BlobKey key) throws StoreException {
    return afterTheGate().delete(key);
  }

  @Override
  public int sweep(Set<String> keep) throws StoreException {
    return afterTheGate().sweep(keep);
  }

  @Override
  public Headroom probe() throws StoreException {
    return afterTheGate().probe();
  }

  @Override
  public void close() {
    closed.set(true);
    store.close();
  }
}
