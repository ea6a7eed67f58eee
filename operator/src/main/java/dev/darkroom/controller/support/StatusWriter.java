package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one way a status is written: through the status subresource, under optimistic locking, only
 * when it changed, and so that the next reconcile sees it. What changed in the Ready condition is
 * told as an Event too.
 *
 * @param <S> the status
 * @param <R> the kind
 */
public final class StatusWriter<S, R extends CustomResource<?, S>> {

  private static final int UNPROCESSABLE = 422;

  private final EventRecorder events;
  private final Function<S, List<Condition>> conditions;

  /**
   * Writes statuses of one kind.
   *
   * @param conditions where a status has its conditions
   */
  public StatusWriter(EventRecorder events, Function<S, List<Condition>> conditions) {
    this.events = events;
    this.conditions = conditions;
  }

  /** Writes the status if it differs from what the object has. */
  public void write(R object, S status, Context<R> context) {
    if (status.equals(object.getStatus())) {
      return;
    }
    Optional<Condition> before =
        Optional.ofNullable(object.getStatus()).map(conditions).flatMap(this::ready);
    PrimaryUpdateAndCacheUtils.updateAndCacheResource(
        object,
        context,
        current -> {
          current.setStatus(status);
          return current;
        },
        changed -> put(changed, context));
    ready(conditions.apply(status))
        .filter(now -> tells(before, now))
        .ifPresent(now -> tell(object, conditions.apply(status), now));
  }

  /** The caller takes a 422 for a lost race and would wait for news; here it is our own mistake. */
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

  private static boolean tells(Optional<Condition> before, Condition now) {
    boolean same =
        before
            .filter(b -> b.getReason().equals(now.getReason()))
            .filter(b -> b.getMessage().equals(now.getMessage()))
            .isPresent();
    return !same && ProgressReason.isNews(now.getReason());
  }

  private void tell(R object, List<Condition> all, Condition ready) {
    boolean worrying =
        Conditions.isTrue(all, Conditions.STALLED) || ProgressReason.isTrouble(ready.getReason());
    events.record(
        object,
        worrying ? EventRecorder.Severity.WARNING : EventRecorder.Severity.NORMAL,
        ready.getReason(),
        ready.getMessage());
  }
}
