package dev.darkroom.transfer.model;

import dev.darkroom.format.Verdict;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where exceptions and verdicts become a reason of the closed list and a sentence.
 *
 * <p>What nobody foresaw (a bug, no memory) is retryable, and blamed on the side whose code threw
 * it; where that is neither source nor inspector, it is for whoever runs the stores and this
 * program: {@link Reason#STORE_UNAVAILABLE}. An inspector that breaks on an image has not passed
 * it, and will break on it again: {@link Reason#UNSAFE_IMAGE}. Each is logged with its stack.
 */
public final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private static final Failure NO_MEMORY =
      Failure.of(Reason.STORE_UNAVAILABLE, "The operator ran out of memory.");

  private Failures() {}

  /** What a source's method threw. */
  public static Failure ofSource(Throwable thrown) {
    if (thrown instanceof SourceException e) {
      return new Failure(reasonOf(e.kind()), e.getMessage(), e.retryAfter());
    }
    if (thrown instanceof UndeliverableException e) {
      return e.failure();
    }
    return unforeseen(Reason.SOURCE_UNAVAILABLE, "Reading the source", thrown);
  }

  /** What a method of the store of that name threw. */
  public static Failure ofStore(String store, Throwable thrown) {
    if (thrown instanceof StoreException e) {
      return Failure.of(reasonOf(e.kind()), "Store " + store + ": " + e.getMessage());
    }
    return unforeseen(Reason.STORE_UNAVAILABLE, "Store " + store, thrown);
  }

  /** What an inspector's method threw. */
  public static Failure ofInspector(RuntimeException thrown) {
    return unforeseen(Reason.UNSAFE_IMAGE, "Inspecting the image", thrown);
  }

  /** What was thrown anywhere else. */
  public static Failure of(Throwable thrown) {
    if (thrown instanceof RefusedException e) {
      return e.failure();
    }
    return unforeseen(Reason.STORE_UNAVAILABLE, "The transfer", thrown);
  }

  /** Why an inspector refused. */
  public static Failure of(Verdict.Refused verdict) {
    return Failure.of(reasonOf(verdict), verdict.message());
  }

  /** Names the class only: the messages of strangers may hold a URL with a secret in it. */
  private static Failure unforeseen(Reason reason, String what, Throwable thrown) {
    try {
      LOG.error("{} failed in a way that nobody foresaw", what, thrown);
      return Failure.of(
          reason,
          what
              + " failed with "
              + thrown.getClass().getSimpleName()
              + "; the operator's log has the details.");
    } catch (OutOfMemoryError e) {
      return NO_MEMORY;
    }
  }

  private static Reason reasonOf(SourceException.Kind kind) {
    return switch (kind) {
      case INVALID -> Reason.INVALID_SOURCE;
      case NOT_FOUND -> Reason.SOURCE_NOT_FOUND;
      case FORBIDDEN -> Reason.SOURCE_FORBIDDEN;
      case BLOCKED -> Reason.SOURCE_BLOCKED;
      case REDIRECT_REFUSED -> Reason.REDIRECT_REFUSED;
      case UNAVAILABLE -> Reason.SOURCE_UNAVAILABLE;
      case TRUNCATED -> Reason.SOURCE_TRUNCATED;
      case OVERLONG -> Reason.SIZE_MISMATCH;
      case CHANGED, RANGE_REFUSED -> Reason.SOURCE_CHANGED;
      case TOO_SLOW -> Reason.SOURCE_TOO_SLOW;
    };
  }

  /** A blob that vanished, appeared or rotted under a write is what another attempt sorts out. */
  private static Reason reasonOf(StoreException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, NOT_FOUND, ALREADY_EXISTS, CORRUPT -> Reason.STORE_UNAVAILABLE;
      case FULL -> Reason.STORE_FULL;
      case READ_ONLY -> Reason.STORE_READ_ONLY;
    };
  }

  private static Reason reasonOf(Verdict.Refused verdict) {
    if (verdict instanceof Verdict.Unsafe) {
      return Reason.UNSAFE_IMAGE;
    }
    if (verdict instanceof Verdict.Mismatch) {
      return Reason.FORMAT_MISMATCH;
    }
    if (verdict instanceof Verdict.Truncated) {
      return Reason.SIZE_MISMATCH;
    }
    if (verdict instanceof Verdict.TooLarge) {
      return Reason.VIRTUAL_SIZE_TOO_LARGE;
    }
    return Reason.UNKNOWN_FORMAT;
  }
}
