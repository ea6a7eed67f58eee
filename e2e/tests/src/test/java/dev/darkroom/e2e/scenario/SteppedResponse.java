package dev.darkroom.e2e.scenario;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A response that sends a disk in 64 pieces: the first half offset once, each further piece after
 * {@link #sendOne} or {@link #sendAll}. Concurrent requests share the pieces.
 */
public final class SteppedResponse implements Script {

  private static final int PIECES = 64;

  private final Disk disk;
  private final Semaphore pieces = new Semaphore(PIECES / 2);
  private final AtomicInteger requests = new AtomicInteger();

  /** A response with this disk. */
  public SteppedResponse(Disk disk) {
    this.disk = disk;
  }

  @Override
  public void play(FaultyExchange exchange) throws IOException {
    byte[] bytes = disk.bytes();
    exchange.head(200, WebResponses.length(bytes.length), WebResponses.OCTETS).flush();
    requests.incrementAndGet();
    for (int piece = 0; piece < PIECES; piece++) {
      pieces.acquireUninterruptibly();
      exchange.body(Arrays.copyOfRange(bytes, offset(piece), offset(piece + 1))).flush();
    }
  }

  private int offset(int piece) {
    return (int) ((long) disk.size() * piece / PIECES);
  }

  /** Waits for the first request. */
  public SteppedResponse awaitRequest() {
    Tenant.awaiting("a request for the disk").until(() -> requests.get() > 0);
    return this;
  }

  /** Sends one more piece of 64. */
  public void sendOne() {
    pieces.release();
  }

  /** Sends all pieces, for all requests. */
  public void sendAll() {
    pieces.release(Integer.MAX_VALUE / 2);
  }
}
