package dev.darkroom.convert;

import java.io.IOException;

/** The reason why an image was not converted. The message is one sentence without paths. */
public final class ConvertException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Kind {
    /** qemu-img is not installed. */
    ABSENT,
    /** Images of this format are not converted. */
    UNSUPPORTED,
    /** The image is encrypted: its disk can't be read without the key. */
    ENCRYPTED,
    /** The disk inside is larger than the output may be. */
    TOO_LARGE,
    /** The conversion exceeded its limit of processor time, memory or time. */
    LIMIT,
    /** No space is left for the output. */
    FULL,
    /** qemu-img refused the image, or failed. */
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

  /** The kind of failure. */
  public Kind kind() {
    return kind;
  }
}
