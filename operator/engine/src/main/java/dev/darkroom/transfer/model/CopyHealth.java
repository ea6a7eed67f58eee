package dev.darkroom.transfer.model;

import dev.darkroom.store.StoreException;

/** The health of a published copy, after all of it was read. */
public sealed interface CopyHealth {

  /** The bytes are those that were verified. */
  record Good() implements CopyHealth {}

  /** The copy does not exist. */
  record Missing() implements CopyHealth {}

  /**
   * The bytes are not those that were verified.
   *
   * @param found the difference, in one sentence: the digest found, or the message of the store
   */
  record Corrupt(String found) implements CopyHealth {}

  /**
   * The health is not known, because the store could not be read.
   *
   * @param failure why
   */
  record Unreadable(Failure failure) implements CopyHealth {}

  /** Maps what the read of a copy in the store of that name threw. */
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
