package dev.darkroom.sums;

/** The reason why a sums file has no usable digest. The message is one sentence. */
public final class SumsException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The kind of failure. */
  public enum Kind {
    /** The file is not a sums file, or is too large. */
    UNREADABLE,
    /** The file lists other files, or other algorithms for this one. */
    NOT_LISTED,
    /** Several files match, or the file has several digests. */
    AMBIGUOUS
  }

  private final Kind kind;

  SumsException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** The kind of failure. */
  public Kind kind() {
    return kind;
  }
}
