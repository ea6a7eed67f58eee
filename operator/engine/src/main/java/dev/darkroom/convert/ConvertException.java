package dev.darkroom.convert;

import java.io.IOException;

/** Why an image was not converted. The message is one sentence without paths. */
public final class ConvertException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Kind {
    /** qemu-img is not installed. */
    ABSENT,
    /** Images of this format are not converted. */
    UNSUPPORTED,
    /** The image is encrypted: without its key there is no disk to convert. */
    ENCRYPTED,
    /** The disk inside is larger than the output may be. */
    TOO_LARGE,
    /** The conversion took more processor time, memory or time than it may. */
    LIMIT,
    /** There is no room for the output. */
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
