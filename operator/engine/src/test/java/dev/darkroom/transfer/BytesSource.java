package dev.darkroom.transfer;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A source of these bytes, with faults at chosen positions. */
public final class BytesSource implements Source {

  /** A fault at a position: throws, waits, or does nothing. */
  @FunctionalInterface
  interface Fault {
    void happen() throws SourceException;
  }

  private final byte[] bytes;
  private final AtomicInteger openings = new AtomicInteger();
  private final AtomicInteger openBodies = new AtomicInteger();
  private final AtomicLong bytesRead = new AtomicLong();
  private OptionalLong announced;
  private int readBytes = 64 << 10;
  private long faultAt = Long.MAX_VALUE;
  private Fault fault = () -> {};
  private Fault openFault = () -> {};
  private Optional<CountDownLatch> openGate = Optional.empty();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private Optional<String> name = Optional.empty();

  public BytesSource(byte[] bytes) {
    this.bytes = bytes.clone();
    this.announced = OptionalLong.of(bytes.length);
  }

  public BytesSource announcing(OptionalLong length) {
    announced = length;
    return this;
  }

  public BytesSource named(String description) {
    name = Optional.of(description);
    return this;
  }

  /** Limits the bytes of one read. */
  public BytesSource readingAtMost(int count) {
    readBytes = count;
    return this;
  }

  /** Adds a fault before the byte at the position. */
  BytesSource at(long position, Fault happening) {
    faultAt = position;
    fault = happening;
    return this;
  }

  public BytesSource failingAt(long position, SourceException.Kind kind) {
    return at(
        position,
        () -> {
          throw new SourceException(kind, "it broke");
        });
  }

  public BytesSource failingToOpen(SourceException thrown) {
    return onOpen(
        () -> {
          throw thrown;
        });
  }

  BytesSource onOpen(Fault happening) {
    openFault = happening;
    return this;
  }

  /** Blocks each opening until the gate opens. */
  BytesSource openingAfter(CountDownLatch gate) {
    openGate = Optional.of(gate);
    return this;
  }

  /** Counts down when a read or an opening is about to block for ever. */
  public CountDownLatch blocked() {
    return blocked;
  }

  /** Blocks in the read at the position until the body is closed. */
  public BytesSource blockingAt(long position) {
    faultAt = position;
    fault = null;
    return this;
  }

  public int openings() {
    return openings.get();
  }

  public int openBodies() {
    return openBodies.get();
  }

  public long bytesRead() {
    return bytesRead.get();
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    openings.incrementAndGet();
    if (openGate.isPresent()) {
      blocked.countDown();
      openGate.get().await();
    }
    openFault.happen();
    openBodies.incrementAndGet();
    return new Body();
  }

  @Override
  public String describe() {
    return name.orElse("test bytes");
  }

  private final class Body implements SourceBody {

    private final AtomicBoolean open = new AtomicBoolean(true);
    private final CountDownLatch closed = new CountDownLatch(1);
    private int position;

    @Override
    public SourceHead head() {
      return new SourceHead("test:bytes", announced, Optional.empty(), false, Optional.empty());
    }

    @Override
    public int read(ByteBuffer into) throws SourceException {
      if (position >= faultAt) {
        if (fault == null) {
          block();
        } else {
          fault.happen();
        }
      }
      if (position == bytes.length) {
        return -1;
      }
      long untilFault = faultAt > position ? faultAt - position : Long.MAX_VALUE;
      int count =
          (int)
              Math.min(
                  Math.min(readBytes, untilFault),
                  Math.min(into.remaining(), bytes.length - position));
      into.put(bytes, position, count);
      position += count;
      bytesRead.addAndGet(count);
      return count;
    }

    private void block() throws SourceException {
      blocked.countDown();
      boolean over = false;
      while (!over) {
        try {
          closed.await();
          over = true;
        } catch (InterruptedException e) {
          // As a socket does: only close ends the read.
          over = false;
        }
      }
      throw new SourceException(SourceException.Kind.UNAVAILABLE, "closed");
    }

    @Override
    public void close() {
      closed.countDown();
      if (open.getAndSet(false)) {
        openBodies.decrementAndGet();
      }
    }
  }
}
