package dev.darkroom.store.s3;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects of open writes of all stores of this process, which a sweep must spare. Their names
 * are globally unique, so that buckets need not be distinguished. Thread-safe.
 */
final class OpenAttempts {

  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

  private OpenAttempts() {}

  /** Registers an attempt; false when it is registered already. */
  static boolean add(Layout.Attempt attempt) {
    return OPEN.add(attempt.object());
  }

  static void remove(Layout.Attempt attempt) {
    OPEN.remove(attempt.object());
  }

  static boolean contains(Layout.Attempt attempt) {
    return OPEN.contains(attempt.object());
  }
}
