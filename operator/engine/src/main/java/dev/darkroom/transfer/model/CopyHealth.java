package dev.darkroom.transfer.model;

import dev.darkroom.store.StoreException;

/** What reading a published copy from its first byte to its last has shown. */
public sealed interface CopyHealth {

  /** The bytes are those that were verified. */
  record Good() implements CopyHealth {}

  /** There is no such copy (any more). */
  record Missing() implements CopyHealth {}

  /**
   * The bytes are not those that were verified.
   *
   * @param found how, in one sentence: the digest found, or what the store itself says
   */
  record Corrupt(String found) implements CopyHealth {}

  /**
   * It can't be told: the store did not let it be read now.
   *
   * @param failure why
   */
  record Unreadable(Failure failure) implements CopyHealth {}

  /** What follows from what reading a copy in the store of that name threw. */
  static CopyHealth of(String store, Throwable thrown) {
    if (thrown instanceof StoreException e) {
      if (e.kind() == StoreException.Kind.NOT_FOUND) {
        return new Missing();
      }
      if (e.kind() == StoreException.Kind.CORRUPT) {
        return new Corrupt(e.getMessage());
      }
    }
    return new Unreadable(Failures.ofStore(store, thrown));
  }
}
