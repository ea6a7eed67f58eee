package dev.darkroom.source.fetch;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the ways to read have to say in the same words. */
final class FetchErrors {

  private static final Logger LOG = LoggerFactory.getLogger(FetchErrors.class);

  private FetchErrors() {}

  /** For a read after a close. */
  static SourceException closed() {
    return new SourceException(Kind.UNAVAILABLE, "the source is closed");
  }

  /** For what a source's code threw though it must not. Its own words may hold a secret. */
  static SourceException unforeseen(Throwable thrown) {
    LOG.error("Asking a source failed in a way that nobody foresaw", thrown);
    return new SourceException(
        Kind.UNAVAILABLE,
        "asking the source failed with " + thrown.getClass().getSimpleName(),
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
