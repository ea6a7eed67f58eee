package dev.darkroom.testing;

import java.util.concurrent.CountDownLatch;

/** Where a thread of the program under test waits until the test lets it go on. */
public final class Gate {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** Whoever waits goes on, and nobody waits any more. */
  public void open() {
    open.countDown();
  }

  /** Waits until somebody is at the gate. */
  public void awaitReached() throws InterruptedException {
    reached.await();
  }

  /** Waits until the gate is open. */
  void pass() throws InterruptedException {
    reached.countDown();
    open.await();
  }
}
