package dev.darkroom.e2e.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Many do what takes one too long. */
final class Hands {

  private static final int COUNT = 8;

  private Hands() {}

  /**
   * Does something with each, in any order.
   *
   * @throws IllegalStateException when it failed for one
   */
  static <T> void each(List<T> all, Consumer<T> deed) {
    ExecutorService hands = Executors.newFixedThreadPool(COUNT);
    try {
      List<Future<?>> done = new ArrayList<>();
      all.forEach(one -> done.add(hands.submit(() -> deed.accept(one))));
      for (Future<?> one : done) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      hands.shutdownNow();
    }
  }
}
