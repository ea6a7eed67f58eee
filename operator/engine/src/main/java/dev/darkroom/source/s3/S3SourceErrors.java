package dev.darkroom.source.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.GuardedResolver;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Maps the errors of the SDK to failures of a source. */
final class S3SourceErrors {

  private static final int NOT_FOUND = 404;

  private final String source;

  S3SourceErrors(String source) {
    this.source = source;
  }

  /** Maps an exception of the SDK to a failure of the source. */
  SourceException of(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof GuardedResolver.RefusedHostException refused) {
        return refusedAddress(refused);
      }
    }
    S3Errors error = S3Errors.of(e);
    Kind kind = kind(error.kind(), e);
    String message =
        kind == Kind.CHANGED
            ? source + " has another version now than at the start of the fetch"
            : "can't read " + source + ": " + error.sentence();
    return kind == Kind.UNAVAILABLE && error.retryAfter().isPresent()
        ? new SourceException(kind, message, error.retryAfter())
        : new SourceException(kind, message, e);
  }

  private static Kind kind(S3Errors.Kind kind, RuntimeException e) {
    return switch (kind) {
      case NO_OBJECT -> Kind.NOT_FOUND;
      case NO_BUCKET ->
          e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND
              ? Kind.NOT_FOUND
              : Kind.INVALID;
      case CREDENTIALS, DENIED -> Kind.FORBIDDEN;
      case CONDITION -> Kind.CHANGED;
      case RANGE -> Kind.RANGE_REFUSED;
      case NOT_IMPLEMENTED, REFUSED -> Kind.INVALID;
      case FAILED, NO_ANSWER, NO_ROOM, NO_UPLOAD, INTERRUPTED -> Kind.UNAVAILABLE;
    };
  }

  /** Makes the same message for all hosts, so that it reveals nothing about an address. */
  private static SourceException refusedAddress(GuardedResolver.RefusedHostException refused) {
    return new SourceException(
        Kind.BLOCKED,
        "the address policy refuses "
            + refused.getMessage()
            + ": unless the administrator says otherwise (--allow-sources, --deny-sources), only"
            + " public addresses may be sources");
  }
}
