package dev.darkroom.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Why a source gave no bytes, or no more. Its message is one sentence without secrets. */
public final class SourceException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Kind {
    /** The address can't be used as it is written. */
    INVALID,
    /** The source says that there is no such thing (404, 410). */
    NOT_FOUND,
    /** The source does not let us (401, 403). */
    FORBIDDEN,
    /** The address policy does not let it be a source, whatever is there. */
    BLOCKED,
    /** A redirect that is not followed: too many, a loop, or to a weaker scheme. */
    REDIRECT_REFUSED,
    /** Name resolution, connection, time-out, 5xx, 429: it may pass. */
    UNAVAILABLE,
    /** The body ended before its announced length, or the connection broke. */
    TRUNCATED,
    /** The body went on past its announced length. */
    OVERLONG,
    /** What is there now is another version than the one that was begun. */
    CHANGED,
    /** Ranges are not served, or something else was served in the place of one. */
    RANGE_REFUSED,
    /** Bytes come, but fewer in a time than must. */
    TOO_SLOW
  }

  private final Kind kind;
  private final transient Optional<Duration> retryAfter;

  /** Says what happened in a sentence. */
  public SourceException(Kind kind, String message) {
    this(kind, message, Optional.empty());
  }

  /** Says what happened in a sentence, and how long the source asked to be left alone. */
  public SourceException(Kind kind, String message, Optional<Duration> retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Says what happened in a sentence, with what lies behind it. */
  public SourceException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = Optional.empty();
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }

  /** How long the source asked to be left alone, if it did. */
  public Optional<Duration> retryAfter() {
    return retryAfter == null ? Optional.empty() : retryAfter;
  }
}
