package dev.darkroom.store.s3;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process is busy with, whichever of its stores it goes through: names of objects that no
 * sweep may touch. They are unique in the world, so that buckets need not be told apart.
 */
final class OpenAttempts {

  private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

  private OpenAttempts() {}

  /** Registers an attempt; false when it is already. */
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
