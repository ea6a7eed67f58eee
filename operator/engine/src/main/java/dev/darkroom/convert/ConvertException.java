package dev.darkroom.convert;

import java.io.IOException;

/** Why an image was not converted. Its message is one sentence without paths. */
public final class ConvertException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** There is no program that could do it. */
    ABSENT,
    /** Images of this format, or encrypted ones, are not converted. */
    UNSUPPORTED,
    /** The disk inside is larger than the output may be. */
    TOO_LARGE,
    /** It took more processor time, memory or time than it may. */
    LIMIT,
    /** There is no room for the output. */
    FULL,
    /** The program refused the image, or broke. */
    FAILED
  }

  private final Kind kind;

  ConvertException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  ConvertException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
