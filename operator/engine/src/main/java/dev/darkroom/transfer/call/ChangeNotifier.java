package dev.darkroom.transfer.call;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies a listener of changed transfers, on one thread. Changes of one transfer that come while
 * the listener is busy are one notification. Thread-safe.
 */
public final class ChangeNotifier {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifier.class);

  private final Consumer<String> listener;
  private final ExecutorService thread;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();

  /**
   * @param listener gets the id of a changed transfer
   * @param thread a single thread
   */
  public ChangeNotifier(Consumer<String> listener, ExecutorService thread) {
    this.listener = listener;
    this.thread = thread;
  }

  /** Records that a transfer changed; never blocks, never throws. */
  public void changed(String id) {
    if (pending.add(id)) {
      try {
        thread.execute(() -> notify(id));
      } catch (RejectedExecutionException e) {
        LOG.debug("Closed: no notification of {}", id);
      }
    }
  }

  private void notify(String id) {
    // First: a change that comes while the listener runs is notified again.
    pending.remove(id);
    try {
      listener.accept(id);
    } catch (RuntimeException | Error e) {
      LOG.error("The listener failed on transfer {}", id, e);
    }
  }
}
