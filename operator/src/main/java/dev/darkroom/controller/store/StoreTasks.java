package dev.darkroom.controller.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.concurrent.DaemonThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/**
 * Runs short work on stores (probes, deletions) outside the reconcilers' threads: a store that
 * hangs must not block them. A task has an id until its result is taken; no other task starts under
 * the id. Thread-safe.
 *
 * <p>The number of threads is not limited: a task that hangs does not delay others.
 *
 * @param <T> the result of a task
 */
final class StoreTasks<T> implements AutoCloseable {

  @GuardedBy("this")
  private final Map<String, FutureTask<T>> tasks = new HashMap<>();

  private final ExecutorService threads;

  StoreTasks(String name) {
    this.threads = Executors.newCachedThreadPool(DaemonThreads.named(name + "-"));
  }

  /**
   * Starts the task unless a task with this id exists.
   *
   * @param whenDone runs after the task, on its thread
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

  /** Whether a task with this id runs, or has a result that is not taken. */
  synchronized boolean knows(String id) {
    return tasks.containsKey(id);
  }

  /**
   * Takes the result of a task that ended, and frees its id; empty while the task runs.
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
