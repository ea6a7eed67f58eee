package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives the first half of a disk at once and the rest when it is opened, to everyone who asks. */
final class Gate implements Script {

  private final Disk disk;
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger arrived = new AtomicInteger();

  Gate(Disk disk) {
    this.disk = disk;
  }

  @Override
  public void play(FaultyExchange exchange) throws IOException {
    int half = disk.size() / 2;
    exchange
        .head(200, Answers.length(disk.size()), Answers.OCTETS)
        .body(Arrays.copyOf(disk.bytes(), half))
        .flush();
    arrived.incrementAndGet();
    try {
      open.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    exchange.body(Arrays.copyOfRange(disk.bytes(), half, disk.size()));
  }

  /** Waits until somebody stands at the gate with half of the bytes. */
  Gate awaitArrival() {
    Tenant.awaiting("somebody at the gate").until(() -> arrived.get() > 0);
    return this;
  }

  void open() {
    open.countDown();
  }
}
