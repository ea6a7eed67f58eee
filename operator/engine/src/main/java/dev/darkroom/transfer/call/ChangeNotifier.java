package dev.darkroom.transfer.call;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener that something about a transfer changed, on a thread of its own. A listener that
 * is slow hears less often, not later and later: what it has not heard yet is told once.
 */
public final class ChangeNotifier {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifier.class);

  private final Consumer<String> listener;
  private final ExecutorService thread;
  private final Set<String> untold = ConcurrentHashMap.newKeySet();

  /**
   * @param thread a single thread
   */
  public ChangeNotifier(Consumer<String> listener, ExecutorService thread) {
    this.listener = listener;
    this.thread = thread;
  }

  /** The transfer changed; never blocks, never throws. */
  public void changed(String id) {
    if (untold.add(id)) {
      try {
        thread.execute(() -> tell(id));
      } catch (RejectedExecutionException e) {
        LOG.debug("Nobody hears of {} any more", id);
      }
    }
  }

  private void tell(String id) {
    // First, so that what changes while the listener looks is told again.
    untold.remove(id);
    try {
      listener.accept(id);
    } catch (RuntimeException | Error e) {
      LOG.error("The listener failed on transfer {}", id, e);
    }
  }
}
