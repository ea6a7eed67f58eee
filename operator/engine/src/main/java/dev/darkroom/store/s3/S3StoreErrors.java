package dev.darkroom.store.s3;

import dev.darkroom.s3.S3Errors;
import dev.darkroom.store.StoreException;
import dev.darkroom.store.StoreException.Kind;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The one place where errors of the SDK become a store's.
 *
 * <p>A permission that is missing for something that writes means that the store is {@code
 * READ_ONLY} to us, whereas credentials that the server doesn't take make it {@code UNAVAILABLE},
 * like a read that is denied.
 */
final class S3StoreErrors {

  /** What a request was going to do. */
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

  /** Which bucket, and where. */
  String where() {
    return where;
  }

  /** Says what happened when something was to be done. */
  StoreException of(String toDo, Access access, RuntimeException e) {
    S3Errors trouble = S3Errors.of(e);
    return new StoreException(
        kind(trouble.kind(), access),
        "can't %s in %s: %s".formatted(toDo, where, trouble.sentence()),
        e);
  }

  private static Kind kind(S3Errors.Kind trouble, Access access) {
    return switch (trouble) {
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

  /** A complaint about what the server said. */
  StoreException of(Kind kind, String sentence) {
    return new StoreException(kind, sentence + " (" + where + ")");
  }

  /**
   * Whether the server has refused for certain, so that the request has had no effect and will not
   * have one later.
   */
  static boolean isRefusal(StoreException e) {
    return e.getCause() instanceof S3Exception answer && S3Errors.of(answer).certain();
  }

  /** Whether it is that kind of trouble. */
  static boolean is(S3Errors.Kind kind, StoreException e) {
    return e.getCause() instanceof S3Exception answer && S3Errors.of(answer).kind() == kind;
  }
}
