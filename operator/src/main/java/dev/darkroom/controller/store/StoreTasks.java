package dev.darkroom.controller.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Short work on stores (probes, deletions) off the reconcilers' threads, for a store that hangs
 * must not hang them. A task is known by an id until its result is taken; while it hangs, nothing
 * more is started under the id. Safe for use by many threads.
 *
 * <p>There are as many threads as tasks that hang, so stores that hang do not stop the others.
 *
 * @param <T> what a task results in
 */
final class StoreTasks<T> implements AutoCloseable {

  private final Map<String, FutureTask<T>> tasks = new HashMap<>();
  private final ExecutorService threads;

  StoreTasks(String name) {
    AtomicInteger count = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts the task unless one of that id is known.
   *
   * @param whenDone runs on the task's thread after its end
   */
  synchronized void start(String id, Callable<T> work, Runnable whenDone) {
    if (tasks.containsKey(id)) {
      return;
    }
    FutureTask<T> task = new FutureTask<>(work);
    tasks.put(id, task);
    threads.execute(
        () -> {
          task.run();
          whenDone.run();
        });
  }

  /** Whether a task of that id is known, running or done. */
  synchronized boolean knows(String id) {
    return tasks.containsKey(id);
  }

  /**
   * Takes the result of a task that is done, so that its id is free again; empty while it runs.
   *
   * @throws IllegalStateException with the exception that the task threw
   */
  synchronized Optional<T> take(String id) {
    FutureTask<T> task = tasks.get(id);
    if (task == null || !task.isDone()) {
      return Optional.empty();
    }
    tasks.remove(id);
    try {
      return Optional.of(task.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | CancellationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
