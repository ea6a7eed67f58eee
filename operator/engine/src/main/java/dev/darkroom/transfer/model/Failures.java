package dev.darkroom.transfer.model;

import dev.darkroom.codec.DecompressionException;
import dev.darkroom.convert.ConvertException;
import dev.darkroom.format.Verdict;
import dev.darkroom.source.SourceException;
import dev.darkroom.store.StoreException;
import dev.darkroom.sums.SignatureInvalidException;
import dev.darkroom.sums.SumsException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps exceptions and verdicts to a reason and a message; the only place of the engine that does.
 *
 * <p>An unexpected exception (a bug, no memory) is retryable, and the reason names the side whose
 * code threw it; for code that is neither the source's nor the inspector's that is {@link
 * Reason#STORE_UNAVAILABLE}. An inspector that breaks on a disk image has not accepted it, and
 * would break on it again: {@link Reason#UNSAFE_IMAGE}. Unexpected exceptions are logged with their
 * stack.
 */
public final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private static final Failure NO_MEMORY =
      Failure.of(Reason.STORE_UNAVAILABLE, "The operator ran out of memory.");

  private Failures() {}

  /** Maps what a method of a source threw. */
  public static Failure ofSource(Throwable thrown) {
    if (thrown instanceof SourceException e) {
      return new Failure(reasonOf(e.kind()), e.getMessage(), e.retryAfter());
    }
    if (thrown instanceof UndeliverableException e) {
      return e.failure();
    }
    return unforeseen(Reason.SOURCE_UNAVAILABLE, "Reading the source", thrown);
  }

  /** Maps what a method of the store of that name threw. */
  public static Failure ofStore(String store, Throwable thrown) {
    if (thrown instanceof StoreException e) {
      return Failure.of(reasonOf(e.kind()), "Store " + store + ": " + e.getMessage());
    }
    return unforeseen(Reason.STORE_UNAVAILABLE, "Store " + store, thrown);
  }

  /** Maps what a method of an inspector threw. */
  public static Failure ofInspector(RuntimeException thrown) {
    return unforeseen(Reason.UNSAFE_IMAGE, "The inspection", thrown);
  }

  /** Maps what any other code threw. */
  public static Failure of(Throwable thrown) {
    if (thrown instanceof RefusedException e) {
      return e.failure();
    }
    return unforeseen(Reason.STORE_UNAVAILABLE, "The transfer", thrown);
  }

  /** Maps the verdict of an inspector. */
  public static Failure of(Verdict.Refused verdict) {
    return Failure.of(reasonOf(verdict), verdict.message());
  }

  /**
   * Maps what a conversion threw. A disk image that qemu-img refuses is malformed in a way that the
   * inspector did not find.
   */
  public static Failure of(ConvertException thrown) {
    Reason reason =
        switch (thrown.kind()) {
          case ABSENT -> Reason.CONVERTER_MISSING;
          case UNSUPPORTED, ENCRYPTED -> Reason.FORMAT_MISMATCH;
          case TOO_LARGE, LIMIT -> Reason.VIRTUAL_SIZE_TOO_LARGE;
          case FULL -> Reason.STORE_FULL;
          case FAILED -> Reason.UNSAFE_IMAGE;
        };
    return Failure.of(reason, thrown.getMessage());
  }

  /**
   * Maps what a decompression threw. A stream that ends early may have been cut on the way, if
   * nothing tells its length or its checksum; any other damage was there before.
   *
   * @param complete whether the source delivered all bytes, as a length or a checksum shows
   */
  public static Failure of(DecompressionException thrown, boolean complete) {
    if (!(thrown instanceof DecompressionException.Damaged damaged)) {
      return Failure.of(Reason.DECOMPRESSION_LIMIT, thrown.getMessage());
    }
    boolean cut = damaged.damage() == DecompressionException.Damaged.Damage.TRUNCATED && !complete;
    return Failure.of(cut ? Reason.SOURCE_TRUNCATED : Reason.UNKNOWN_FORMAT, thrown.getMessage());
  }

  /** Maps what the reading of a sums file threw. */
  public static Failure of(SumsException thrown) {
    return Failure.of(Reason.INVALID_SOURCE, thrown.getMessage());
  }

  /** Maps what the verification of a signature threw. */
  public static Failure of(SignatureInvalidException thrown) {
    return Failure.of(Reason.SIGNATURE_INVALID, thrown.getMessage());
  }

  /** Maps what the staging directory threw while it took bytes. */
  public static Failure ofStaging(IOException thrown) {
    LOG.warn("The staging directory did not take the bytes", thrown);
    // The Java runtime passes on nothing of ENOSPC but the kernel's message.
    return String.valueOf(thrown.getMessage()).contains("No space left")
        ? Failure.of(Reason.STORE_FULL, "The staging directory has no space left for the bytes.")
        : Failure.of(Reason.STORE_UNAVAILABLE, "The staging directory did not take the bytes.");
  }

  /** The directory for conversions can't be made. */
  public static Failure stagingUnusable(IOException thrown) {
    LOG.warn("The staging directory can't be used", thrown);
    return Failure.of(Reason.STORE_FULL, "The staging directory can't be used for a conversion.");
  }

  /**
   * A conversion was requested, and can't be done here.
   *
   * @param why a clause that follows "but"
   */
  public static Failure noConverter(String why) {
    return Failure.of(Reason.CONVERTER_MISSING, "A conversion was requested, but " + why + ".");
  }

  /** The bytes do not have the checksum that they should. */
  public static Failure checksumMismatch(Checksum wanted, Checksum found) {
    return Failure.of(
        Reason.CHECKSUM_MISMATCH,
        "The checksum should be %s, but the bytes have %s.".formatted(wanted, found));
  }

  /** The source announced another number of bytes than it delivered. */
  public static Failure sizeMismatch(long announced, long delivered) {
    return Failure.of(
        Reason.SIZE_MISMATCH,
        "The source announced %d bytes and delivered %d.".formatted(announced, delivered));
  }

  /** The source delivered nothing. */
  public static Failure noBytes() {
    return Failure.of(Reason.SIZE_MISMATCH, "The source delivered 0 bytes.");
  }

  /** The virtual size of the disk is above the limit. */
  public static Failure virtualSizeTooLarge(long virtualSize, long limit) {
    return Failure.of(
        Reason.VIRTUAL_SIZE_TOO_LARGE,
        "The virtual size of the disk is %d bytes, but the limit is %d."
            .formatted(virtualSize, limit));
  }

  /** Names the class only: a message may have a URL with a secret. */
  private static Failure unforeseen(Reason reason, String what, Throwable thrown) {
    try {
      LOG.error("{} failed unexpectedly", what, thrown);
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

  /** A blob that vanished, appeared or changed during a write is a matter for the next attempt. */
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
