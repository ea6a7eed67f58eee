package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Maps errors of the SDK to failures of a store.
 *
 * <p>A missing permission for a write means {@code READ_ONLY}. Refused credentials and a denied
 * read mean {@code UNAVAILABLE}.
 */
final class S3StoreErrors {

  /** The kind of access of a request. */
  enum Access {
    READ,
    WRITE
  }

  private final String where;

  S3StoreErrors(S3StoreConfig config) {
    this.where =
        "bucket "
            + config.bucket()
            + config.access().authority().map(authority -> " at " + authority).orElse("");
  }

  /** Returns the bucket and the server, for messages. */
  String where() {
    return where;
  }

  /** Makes the failure of an operation. */
  StoreException of(String operation, Access access, RuntimeException e) {
    S3Errors error = S3Errors.of(e);
    return new StoreException(
        kind(error.kind(), access),
        "can't %s in %s: %s".formatted(operation, where, error.sentence()),
        e);
  }

  private static Kind kind(S3Errors.Kind error, Access access) {
    return switch (error) {
      case NO_OBJECT -> Kind.NOT_FOUND;
      case CONDITION -> Kind.ALREADY_EXISTS;
      case NO_ROOM -> Kind.FULL;
      case DENIED -> access == Access.WRITE ? Kind.READ_ONLY : Kind.UNAVAILABLE;
      case CREDENTIALS,
          NO_BUCKET,
          NO_UPLOAD,
          RANGE,
          NOT_IMPLEMENTED,
          REFUSED,
          FAILED,
          NO_ANSWER,
          INTERRUPTED ->
          Kind.UNAVAILABLE;
    };
  }

  /** Makes a failure about an answer of the server. */
  StoreException of(Kind kind, String sentence) {
    return new StoreException(kind, sentence + " (" + where + ")");
  }

  /**
   * Returns whether the server has refused for certain, so that the request has no effect now or
   * later.
   */
  static boolean isRefusal(StoreException e) {
    return e.getCause() instanceof S3Exception answer && S3Errors.of(answer).certain();
  }

  /** Returns whether the failure has that kind of cause. */
  static boolean is(S3Errors.Kind kind, StoreException e) {
    return e.getCause() instanceof S3Exception answer && S3Errors.of(answer).kind() == kind;
  }
}
