package dev.darkroom.concurrent;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads of the engine. All are daemons: a source or a store that hangs must not keep
 * the process alive.
 */
public final class DaemonThreads {

  private DaemonThreads() {}

  /**
   * Makes threads named by the prefix and a number: 1, 2 and so on. The factory is thread-safe.
   *
   * @param prefix ends with a separator, for example {@code "transfer-"}
   * @return a factory that counts from 1
   */
  public static ThreadFactory named(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
