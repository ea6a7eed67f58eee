package dev.darkroom.e2e.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs element task per element on 8 threads. */
public final class Parallel {

  private static final int THREADS = 8;

  private Parallel() {}

  /**
   * Runs the task for each element, in any order, and waits for all.
   *
   * @throws IllegalStateException if a task failed
   */
  public static <T> void forEach(List<T> all, Consumer<T> task) {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> futures = new ArrayList<>();
      all.forEach(element -> futures.add(executor.submit(() -> task.accept(element))));
      for (Future<?> element : futures) {
        element.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      executor.shutdownNow();
    }
  }
}
