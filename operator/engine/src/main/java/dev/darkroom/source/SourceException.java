package dev.darkroom.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The reason why a source returns no bytes. The message is one sentence without secrets. */
public final class SourceException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure. */
  public enum Kind {
    /** The URL or name is invalid. */
    INVALID,
    /** The source has no such object (404, 410). */
    NOT_FOUND,
    /** The source denies access (401, 403). */
    FORBIDDEN,
    /** The address policy refuses the host or port. */
    BLOCKED,
    /** A redirect that is not followed: too many, a loop, or to a weaker scheme. */
    REDIRECT_REFUSED,
    /** Name resolution, connection, timeout, 5xx, 429: a retry may succeed. */
    UNAVAILABLE,
    /** The body ended before its announced length, or the connection broke. */
    TRUNCATED,
    /** The body continued past its announced length. */
    OVERLONG,
    /** The source has another version now than at the start of the fetch. */
    CHANGED,
    /** The source does not serve ranges, or served other bytes than the range. */
    RANGE_REFUSED,
    /** The source sends fewer bytes per second than required. */
    TOO_SLOW
  }

  private final Kind kind;
  private final transient Optional<Duration> retryAfter;

  /** Makes a failure with a one-sentence message. */
  public SourceException(Kind kind, String message) {
    this(kind, message, Optional.empty());
  }

  /** Makes a failure with a one-sentence message and the wait that the source asked for. */
  public SourceException(Kind kind, String message, Optional<Duration> retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Makes a failure with a one-sentence message and a cause. */
  public SourceException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = Optional.empty();
  }

  /** The kind of failure. */
  public Kind kind() {
    return kind;
  }

  /** Returns the wait that the source asked for (Retry-After), if any. */
  public Optional<Duration> retryAfter() {
    return retryAfter == null ? Optional.empty() : retryAfter;
  }
}
