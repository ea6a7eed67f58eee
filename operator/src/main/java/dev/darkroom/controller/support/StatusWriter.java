package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes statuses: through the status subresource, under optimistic locking, and only when the
 * status changed. Returns when the cache shows the write, so that the next reconcile of any
 * controller sees it. Records an Event when the Ready condition changed.
 *
 * @param <S> the status
 * @param <R> the kind
 */
public final class StatusWriter<S, R extends CustomResource<?, S>> {

  private static final int UNPROCESSABLE = 422;

  private final EventRecorder events;
  private final Function<S, List<Condition>> conditions;
  private final Consumer<? super R> afterWrite;

  /**
   * Writes statuses of one kind.
   *
   * @param conditions the conditions of a status
   * @param afterWrite waits until the cache shows a written object
   */
  public StatusWriter(
      EventRecorder events,
      Function<S, List<Condition>> conditions,
      Consumer<? super R> afterWrite) {
    this.events = events;
    this.conditions = conditions;
    this.afterWrite = afterWrite;
  }

  /** Writes the status if it differs from what the object has. */
  public void write(R object, S status, Context<R> context) {
    if (status.equals(object.getStatus())) {
      return;
    }
    Optional<Condition> before =
        Optional.ofNullable(object.getStatus()).map(conditions).flatMap(this::ready);
    afterWrite.accept(
        PrimaryUpdateAndCacheUtils.updateAndCacheResource(
            object,
            context,
            current -> {
              current.setStatus(status);
              return current;
            },
            changed -> put(changed, context)));
    ready(conditions.apply(status))
        .filter(now -> isNews(before, now))
        .ifPresent(now -> record(object, conditions.apply(status), now));
  }

  /**
   * The caller takes a 422 for a conflict and waits for a change of the cache; for a status it is
   * an error of the operator.
   */
  private R put(R changed, Context<R> context) {
    try {
      return context.getClient().resource(changed).updateStatus();
    } catch (KubernetesClientException e) {
      if (e.getCode() == UNPROCESSABLE) {
        throw new IllegalStateException("the API server refused a status: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private Optional<Condition> ready(List<Condition> list) {
    return Conditions.find(list, Conditions.READY);
  }

  private static boolean isNews(Optional<Condition> before, Condition now) {
    boolean same =
        before
            .filter(b -> b.getReason().equals(now.getReason()))
            .filter(b -> b.getMessage().equals(now.getMessage()))
            .isPresent();
    return !same && ProgressReason.isNews(now.getReason());
  }

  private void record(R object, List<Condition> all, Condition ready) {
    boolean warning =
        Conditions.isTrue(all, Conditions.STALLED) || ProgressReason.isTrouble(ready.getReason());
    events.record(
        object,
        warning ? EventRecorder.Severity.WARNING : EventRecorder.Severity.NORMAL,
        ready.getReason(),
        ready.getMessage());
  }
}
