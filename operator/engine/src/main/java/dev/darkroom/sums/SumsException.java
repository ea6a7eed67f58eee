package dev.darkroom.sums;

/** Why no digest can be taken from a sums file. Its message is one sentence for people. */
public final class SumsException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** It is not a sums file, or larger than one may be. */
    UNREADABLE,
    /** It names other files, or other algorithms for this one. */
    NOT_LISTED,
    /** It names several files that could be meant, or several digests for one. */
    AMBIGUOUS
  }

  private final Kind kind;

  SumsException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
