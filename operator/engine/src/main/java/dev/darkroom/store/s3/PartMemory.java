package dev.darkroom.store.s3;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that all writes of a store share for parts. Each write may hold one part in any case,
 * so that all get on; further ones only as long as the sum of those is within a limit. What is
 * handed out are chunks, taken as a part fills, so that a small blob takes little.
 */
final class PartMemory {

  /** Bytes of a chunk: below what the collector treats as huge, down to heaps of 1 GiB. */
  static final int CHUNK = 256 << 10;

  private final long limit;
  private final Deque<byte[]> idle = new ArrayDeque<>();
  private long reserved;
  private int chunksInUse;
  private int mostChunksInUse;

  PartMemory(long limit) {
    this.limit = limit;
  }

  /** What one write may use. */
  Share share() {
    return new Share();
  }

  /** An empty part outside of all accounts. */
  static UploadPart unshared(long bytes) {
    PartMemory memory = new PartMemory(0);
    return new UploadPart(memory.new Lease(memory.share(), 0), bytes);
  }

  /** Bytes that parts hold now. */
  synchronized long bytesInUse() {
    return (long) chunksInUse * CHUNK;
  }

  /** The most bytes that parts held at one time. */
  synchronized long mostBytesInUse() {
    return (long) mostChunksInUse * CHUNK;
  }

  private synchronized byte[] takeChunk() {
    chunksInUse++;
    mostChunksInUse = Math.max(mostChunksInUse, chunksInUse);
    return idle.isEmpty() ? new byte[CHUNK] : idle.pop();
  }

  private synchronized void giveBack(byte[] chunk) {
    chunksInUse--;
    if (chunksInUse == 0) {
      idle.clear();
    } else if ((long) idle.size() * CHUNK < limit) {
      idle.push(chunk);
    }
  }

  /** The memory of one write. */
  final class Share {

    private boolean ownInUse;

    /** An empty part, as soon as there may be one. */
    UploadPart newPart(long bytes) throws InterruptedException {
      synchronized (PartMemory.this) {
        while (ownInUse && bytes > limit - reserved) {
          PartMemory.this.wait();
        }
        Lease lease = new Lease(this, ownInUse ? bytes : 0);
        ownInUse = true;
        reserved += lease.reserved;
        return new UploadPart(lease, bytes);
      }
    }
  }

  /** The memory of one part. */
  final class Lease {

    private final Share share;
    private final long reserved;

    private Lease(Share share, long reserved) {
      this.share = share;
      this.reserved = reserved;
    }

    byte[] chunk() {
      return takeChunk();
    }

    /** Ends it; the part uses none of the chunks any more. */
    void release(Iterable<byte[]> chunks) {
      synchronized (PartMemory.this) {
        chunks.forEach(PartMemory.this::giveBack);
        if (reserved == 0) {
          share.ownInUse = false;
        }
        PartMemory.this.reserved -= reserved;
        PartMemory.this.notifyAll();
      }
    }
  }
}
