package dev.darkroom.testing;

import java.util.concurrent.CountDownLatch;

/** A gate at which a thread of the program under test waits until the test opens it. */
public final class Gate {

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** Opens the gate for all threads, now and later. */
  public void open() {
    open.countDown();
  }

  /** Waits until a thread is at the gate. */
  public void awaitReached() throws InterruptedException {
    reached.await();
  }

  /** Waits until the gate is open. */
  void pass() throws InterruptedException {
    reached.countDown();
    open.await();
  }
}
