package dev.darkroom.store.s3;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that all writes of a store share for parts. Each write may always hold one part, so
 * that every write makes progress; further parts count against a common limit. A part takes chunks
 * as it fills, so that a small blob needs little memory. Thread-safe.
 */
final class PartMemory {

  /** Bytes of a chunk: not a humongous object of G1, down to heaps of 1 GiB. */
  static final int CHUNK = 256 << 10;

  private final long limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<byte[]> idle = new ArrayDeque<>();

  /** The shares that hold the part that is free for them. */
  @GuardedBy("lock")
  private final Set<Share> holders = Collections.newSetFromMap(new IdentityHashMap<>());

  @GuardedBy("lock")
  private long reserved;

  @GuardedBy("lock")
  private int chunksInUse;

  PartMemory(long limit) {
    this.limit = limit;
  }

  /** Returns the memory of one write. */
  Share share() {
    return new Share();
  }

  /** Returns an empty part that counts against no limit. */
  static UploadPart unshared(long bytes) {
    PartMemory memory = new PartMemory(0);
    return new UploadPart(memory.new Lease(memory.share(), 0), bytes);
  }

  private Lease lease(Share share, long bytes) throws InterruptedException {
    lock.lock();
    try {
      while (holders.contains(share) && bytes > limit - reserved) {
        released.await();
      }
      Lease lease = new Lease(share, holders.add(share) ? 0 : bytes);
      reserved += lease.reserved;
      return lease;
    } finally {
      lock.unlock();
    }
  }

  private byte[] takeChunk() {
    lock.lock();
    try {
      chunksInUse++;
      return idle.isEmpty() ? new byte[CHUNK] : idle.pop();
    } finally {
      lock.unlock();
    }
  }

  private void release(Lease lease, Iterable<byte[]> chunks) {
    lock.lock();
    try {
      for (byte[] chunk : chunks) {
        giveBack(chunk);
      }
      if (lease.reserved == 0) {
        holders.remove(lease.share);
      }
      reserved -= lease.reserved;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void giveBack(byte[] chunk) {
    chunksInUse--;
    if (chunksInUse == 0) {
      idle.clear();
    } else if ((long) idle.size() * CHUNK < limit) {
      idle.push(chunk);
    }
  }

  /** The memory of one write. */
  final class Share {

    /** Returns an empty part; waits until there is memory for it. */
    UploadPart newPart(long bytes) throws InterruptedException {
      return new UploadPart(lease(this, bytes), bytes);
    }
  }

  /** The memory of one part. */
  final class Lease {

    private final Share share;

    /** Bytes that count against the limit; 0 for the part that each write may always hold. */
    private final long reserved;

    private Lease(Share share, long reserved) {
      this.share = share;
      this.reserved = reserved;
    }

    byte[] chunk() {
      return takeChunk();
    }

    /** Ends the lease; the part must not use the chunks any more. */
    void release(Iterable<byte[]> chunks) {
      PartMemory.this.release(this, chunks);
    }
  }
}
