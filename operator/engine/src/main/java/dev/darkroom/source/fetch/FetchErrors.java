package dev.darkroom.source.fetch;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the errors that the sequential and the parallel fetch have in common. */
final class FetchErrors {

  private static final Logger LOG = LoggerFactory.getLogger(FetchErrors.class);

  private FetchErrors() {}

  /** For a read after a close. */
  static SourceException closed() {
    return new SourceException(Kind.UNAVAILABLE, "the source is closed");
  }

  /** For an interrupt of the thread that waits for the source. */
  static SourceException interrupted(InterruptedException e) {
    return new SourceException(Kind.UNAVAILABLE, "the wait for the source was interrupted", e);
  }

  /**
   * For an exception that the contract of sources does not allow. Its own message stays out of this
   * one, because it may hold a secret.
   */
  static SourceException unexpected(Throwable thrown) {
    LOG.error("A request to a source failed unexpectedly", thrown);
    return new SourceException(
        Kind.UNAVAILABLE,
        "the request to the source failed with " + thrown.getClass().getSimpleName(),
        thrown);
  }

  /** For bytes after the last. */
  static SourceException overlong(long end) {
    return new SourceException(
        Kind.OVERLONG, "the source sends more than the %,d bytes it announced".formatted(end));
  }

  /** For an end before the last byte. */
  static SourceException truncated(long position, long end) {
    return new SourceException(
        Kind.TRUNCATED, "the source ended after %,d of %,d bytes".formatted(position, end));
  }
}
