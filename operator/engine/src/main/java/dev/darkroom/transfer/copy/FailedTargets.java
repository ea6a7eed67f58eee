package dev.darkroom.transfer.copy;

import dev.darkroom.transfer.model.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The targets that a transfer goes on without, and why. There are never more than may be. Safe for
 * use by many threads.
 */
public final class FailedTargets {

  private final int most;
  private final Map<String, Failure> failures = new LinkedHashMap<>();

  /**
   * @param most how many targets may be missed, from 0
   */
  public FailedTargets(int most) {
    this.most = most;
  }

  /**
   * Goes on without the target, if that is possible.
   *
   * @return false when it is needed
   */
  synchronized boolean add(String target, Failure failure) {
    if (failures.containsKey(target)) {
      return true;
    }
    if (failures.size() == most) {
      return false;
    }
    failures.put(target, failure);
    return true;
  }

  synchronized boolean has(String target) {
    return failures.containsKey(target);
  }

  /** Whether one more could be missed. */
  synchronized boolean mayGrow() {
    return failures.size() < most;
  }

  public synchronized Map<String, Failure> failures() {
    return Map.copyOf(failures);
  }
}
