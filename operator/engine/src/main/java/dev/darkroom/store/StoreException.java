package dev.darkroom.store;

import java.io.IOException;

/** The reason why a store did not do a request. The message is one sentence without secrets. */
public final class StoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure. */
  public enum Kind {
    /** The store can't be reached, or answered with an error; a retry may succeed. */
    UNAVAILABLE,
    /** The capacity or a quota is used up. */
    FULL,
    /** The store does not accept writes: permissions, or a read-only file system. */
    READ_ONLY,
    /** There is no blob of that key. */
    NOT_FOUND,
    /** The key is taken. */
    ALREADY_EXISTS,
    /** The stored blob differs from what was written. */
    CORRUPT
  }

  private final Kind kind;

  /** Makes a failure with a one-sentence message. */
  public StoreException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Makes a failure with a one-sentence message and a cause. */
  public StoreException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** The kind of failure. */
  public Kind kind() {
    return kind;
  }
}
