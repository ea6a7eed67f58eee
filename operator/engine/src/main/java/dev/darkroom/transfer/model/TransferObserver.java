package dev.darkroom.transfer.model;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Hears of every transfer at the moment something happens to it: to count, to trace, to test. */
@FunctionalInterface
public interface TransferObserver {

  /**
   * A transfer was submitted, and is queued from now on.
   *
   * @param id the submitter's
   * @param context what its log lines carry (namespace, name, attempt)
   * @return hears of what comes
   */
  Journey submitted(String id, TransferRequest request, Map<String, String> context);

  /** Observes nothing. */
  static TransferObserver none() {
    return (id, request, context) -> Journey.UNOBSERVED;
  }

  /** Hears of the stages alone, {@link Progress.Stage#QUEUED} among them. */
  static TransferObserver ofStages(BiConsumer<String, Progress.Stage> listener) {
    return (id, request, context) -> {
      listener.accept(id, Progress.Stage.QUEUED);
      return new Journey() {
        @Override
        public void entered(Progress.Stage stage) {
          listener.accept(id, stage);
        }
      };
    };
  }

  /** All of them, in their order. */
  static TransferObserver all(List<TransferObserver> observers) {
    List<TransferObserver> copy = List.copyOf(observers);
    return (id, request, context) ->
        new CompositeJourney(
            copy.stream().map(observer -> observer.submitted(id, request, context)).toList());
  }

  /**
   * Hears of one transfer. The transfer goes on when a method returns, so only a test may block.
   */
  interface Journey {

    /** Of a transfer that nobody observes. */
    Journey UNOBSERVED = new Journey() {};

    /** The transfer enters the stage; on the transfer's own thread. */
    default void entered(Progress.Stage stage) {}

    /**
     * So many bytes came: from the source, from what is kept to go on with, from a conversion. On
     * one thread.
     */
    default void read(long bytes) {}

    /** So many bytes were handed to a store; on that store's thread. */
    default void wrote(String store, int bytes) {}

    /** It ended; nothing follows. */
    default void ended(Outcome outcome) {}
  }
}
