package dev.darkroom.transfer.model;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Observes every transfer synchronously: for metrics, traces and tests. */
@FunctionalInterface
public interface TransferObserver {

  /**
   * A transfer was submitted, and is queued from now on.
   *
   * @param id of the transfer
   * @param context of its log lines (namespace, name, attempt)
   * @return records the transfer
   */
  Recorder submitted(String id, TransferRequest request, Map<String, String> context);

  /** Observes nothing. */
  static TransferObserver none() {
    return (id, request, context) -> Recorder.NONE;
  }

  /** Observes the stages only, with {@link Progress.Stage#QUEUED}. */
  static TransferObserver ofStages(BiConsumer<String, Progress.Stage> listener) {
    return (id, request, context) -> {
      listener.accept(id, Progress.Stage.QUEUED);
      return new Recorder() {
        @Override
        public void entered(Progress.Stage stage) {
          listener.accept(id, stage);
        }
      };
    };
  }

  /** Combines observers, which are called in this order. */
  static TransferObserver all(List<TransferObserver> observers) {
    List<TransferObserver> copy = List.copyOf(observers);
    return (id, request, context) ->
        new CompositeRecorder(
            copy.stream().map(observer -> observer.submitted(id, request, context)).toList());
  }

  /** Records one transfer. The transfer waits for each method, so only a test may block. */
  interface Recorder {

    /** Records nothing. */
    Recorder NONE = new Recorder() {};

    /** The transfer enters the stage; on the transfer's own thread. */
    default void entered(Progress.Stage stage) {}

    /**
     * So many bytes were read: from the source, an earlier attempt or a conversion. On one thread.
     */
    default void read(long bytes) {}

    /** So many bytes were handed to a store; on that store's thread. */
    default void wrote(String store, int bytes) {}

    /** The transfer ended; no call follows. */
    default void ended(Outcome outcome) {}
  }
}
