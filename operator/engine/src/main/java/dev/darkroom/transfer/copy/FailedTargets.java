package dev.darkroom.transfer.copy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.transfer.model.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The targets that have failed while the transfer goes on without them, with their failures. Has a
 * limit. Thread-safe.
 */
public final class FailedTargets {

  private final int most;

  @GuardedBy("this")
  private final Map<String, Failure> failures = new LinkedHashMap<>();

  /**
   * @param most how many targets may fail, at least 0
   */
  public FailedTargets(int most) {
    this.most = most;
  }

  /**
   * Adds a failed target.
   *
   * @return false when the limit is reached: the transfer needs the target
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

  /** Whether the target has failed. */
  synchronized boolean has(String target) {
    return failures.containsKey(target);
  }

  /** Whether one more target may fail. */
  synchronized boolean mayGrow() {
    return failures.size() < most;
  }

  /** The failures by the name of the target. */
  public synchronized Map<String, Failure> failures() {
    return Map.copyOf(failures);
  }
}
