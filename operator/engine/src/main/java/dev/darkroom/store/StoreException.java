package dev.darkroom.store;

import java.io.IOException;

/** Why a store did not do what it was asked. Its message is one sentence without secrets. */
public final class StoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** The store can't be reached, or answered with an error that may pass. */
    UNAVAILABLE,
    /** There is no room left, or a quota is used up. */
    FULL,
    /** The store does not accept writes: permissions, or a read-only file system. */
    READ_ONLY,
    /** No blob of that key. */
    NOT_FOUND,
    /** The key is taken. */
    ALREADY_EXISTS,
    /** What is stored is not what was written. */
    CORRUPT
  }

  private final Kind kind;

  /** Says what happened in a sentence. */
  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Says what happened in a sentence, with what lies behind it. */
  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
