package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives a disk piece by piece, as it is told to: the first half at once, the rest when it is let
 * through. What is let through goes to whoever asked first.
 */
final class Gate implements Script {

  private static final int PIECES = 64;

  private final Disk disk;
  private final Semaphore pieces = new Semaphore(PIECES / 2);
  private final AtomicInteger arrived = new AtomicInteger();

  Gate(Disk disk) {
    this.disk = disk;
  }

  @Override
  public void play(FaultyExchange exchange) throws IOException {
    byte[] bytes = disk.bytes();
    exchange.head(200, Answers.length(bytes.length), Answers.OCTETS).flush();
    arrived.incrementAndGet();
    for (int piece = 0; piece < PIECES; piece++) {
      pieces.acquireUninterruptibly();
      exchange.body(Arrays.copyOfRange(bytes, at(piece), at(piece + 1))).flush();
    }
  }

  private int at(int piece) {
    return (int) ((long) disk.size() * piece / PIECES);
  }

  /** Waits until somebody stands at the gate. */
  Gate awaitArrival() {
    Tenant.awaiting("somebody at the gate").until(() -> arrived.get() > 0);
    return this;
  }

  /** Lets one more piece through, of 64. */
  void letOne() {
    pieces.release();
  }

  /** Lets everything through, for everyone. */
  void open() {
    pieces.release(Integer.MAX_VALUE / 2);
  }
}
