package dev.darkroom.s3;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The meaning of an error of the SDK, after its retries. Sentences contain the error's code but not
 * the server's text, which may repeat parts of the request.
 *
 * @param kind the kind of error
 * @param sentence the reason, to follow "can't do this: "; contains no secret
 * @param certain whether the server has refused for certain, so that the request has no effect now
 *     or later
 * @param retryAfter the wait that the server asked for, at most an hour
 */
public record S3Errors(Kind kind, String sentence, boolean certain, Optional<Duration> retryAfter) {

  /** The kind of error. */
  public enum Kind {
    /** The server refuses the credentials, the signature or the clock. */
    CREDENTIALS,
    /**
     * The credentials are valid but lack the permission; some servers answer so for missing objects
     * too.
     */
    DENIED,
    /** There is no such bucket, or it is in another region. */
    NO_BUCKET,
    /** There is no such object; the answer to a HEAD means a missing bucket too. */
    NO_OBJECT,
    /** There is no such multipart upload, or no longer. */
    NO_UPLOAD,
    /** A condition of the request is not met, or another request came first. */
    CONDITION,
    /** No byte of the object is in the range. */
    RANGE,
    /** The capacity or a quota is used up. */
    NO_ROOM,
    /** The server does not support the operation or a header. */
    NOT_IMPLEMENTED,
    /** The server refuses for another reason; a retry is useless. */
    REFUSED,
    /** The server failed or is busy; a retry may succeed. */
    FAILED,
    /** The server did not answer. */
    NO_ANSWER,
    /** The thread was interrupted. */
    INTERRUPTED
  }

  private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

  private static final Set<String> REFUSED_CREDENTIALS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "ExpiredTokenException",
          "InvalidToken",
          "TokenRefreshRequired",
          "RequestExpired",
          "AuthorizationHeaderMalformed");
  private static final Set<String> NO_ROOM =
      Set.of(
          "QuotaExceeded",
          "ServiceQuotaExceeded",
          "InsufficientStorage",
          "InsufficientCapacity",
          "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "EntityTooLarge");
  private static final Set<String> PASSING =
      Set.of("RequestTimeout", "OperationAborted", "SlowDown");

  /**
   * The meaning of an error of the SDK, after its retries. Sentences contain the error's code but
   * not the server's text, which may repeat parts of the request.
   */
  public static S3Errors of(RuntimeException e) {
    return e instanceof S3Exception answer && answer.statusCode() > 0
        ? ofAnswer(answer)
        : ofSilence(e);
  }

  private static S3Errors ofAnswer(S3Exception e) {
    String code = code(e);
    Kind kind = kind(e.statusCode(), code);
    String answer = ("the server answers " + e.statusCode() + " " + code).stripTrailing();
    boolean once = e.numAttempts() == null || e.numAttempts() <= 1;
    // An earlier attempt may still reach the server.
    boolean certain = once && e.statusCode() >= 400 && e.statusCode() < 500;
    return new S3Errors(kind, answer + meaning(kind, code, e), certain, retryAfter(e));
  }

  private static Kind kind(int status, String code) {
    if (REFUSED_CREDENTIALS.contains(code) || code.equals("RequestTimeTooSkewed")) {
      return Kind.CREDENTIALS;
    }
    if (NO_ROOM.contains(code)) {
      return Kind.NO_ROOM;
    }
    if (PASSING.contains(code)) {
      return Kind.FAILED;
    }
    return switch (code) {
      case "NoSuchBucket", "PermanentRedirect", "TemporaryRedirect" -> Kind.NO_BUCKET;
      case "NoSuchUpload" -> Kind.NO_UPLOAD;
      case "NotImplemented" -> Kind.NOT_IMPLEMENTED;
      default ->
          switch (status) {
            case 301, 302, 307, 308 -> Kind.NO_BUCKET;
            case 401, 403, 405 -> Kind.DENIED;
            case 404 -> Kind.NO_OBJECT;
            case 408, 425, 429 -> Kind.FAILED;
            case 409, 412 -> Kind.CONDITION;
            case 416 -> Kind.RANGE;
            case 501 -> Kind.NOT_IMPLEMENTED;
            case 507 -> Kind.NO_ROOM;
            default -> status >= 500 ? Kind.FAILED : Kind.REFUSED;
          };
    };
  }

  private static String meaning(Kind kind, String code, S3Exception e) {
    return switch (kind) {
      case CREDENTIALS ->
          switch (code) {
            case "RequestTimeTooSkewed" -> ": its clock differs from the local one";
            case "SignatureDoesNotMatch" -> ": the secret key does not belong to the access key";
            case "InvalidAccessKeyId" -> ": the access key is unknown";
            case "ExpiredToken", "ExpiredTokenException" -> ": the credentials have expired";
            default -> ": the credentials or the region are not accepted";
          };
      case DENIED -> ": permission is missing";
      case NO_BUCKET ->
          code.equals("NoSuchBucket")
              ? ": the bucket does not exist"
              : ": the bucket is in another region or on another server" + region(e);
      case NO_UPLOAD -> ": the upload was aborted";
      case NO_ROOM -> ": the capacity is used up";
      case NOT_IMPLEMENTED -> ": the server does not support the request";
      default -> "";
    };
  }

  /** Returns the region that AWS names; only valid region names come into a message. */
  private static String region(S3Exception e) {
    return header(e, "x-amz-bucket-region")
        .filter(region -> region.matches("[a-z0-9-]{1,40}"))
        .map(region -> ", " + region)
        .orElse("");
  }

  private static Optional<Duration> retryAfter(S3Exception e) {
    return header(e, "Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(wait -> wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait);
  }

  private static Optional<String> header(S3Exception e, String name) {
    return Optional.ofNullable(e.awsErrorDetails())
        .flatMap(details -> Optional.ofNullable(details.sdkHttpResponse()))
        .flatMap(response -> response.firstMatchingHeader(name));
  }

  /** Returns the error code; empty for the answer to a HEAD, which has no body. */
  private static String code(S3Exception e) {
    return Optional.ofNullable(e.awsErrorDetails())
        .flatMap(details -> Optional.ofNullable(details.errorCode()))
        .filter(code -> code.matches("[A-Za-z0-9._-]{1,80}"))
        .orElse("");
  }

  private static S3Errors ofSilence(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof AbortedException || t instanceof InterruptedException) {
        return silent(Kind.INTERRUPTED, "interrupted");
      }
      if (t instanceof ApiCallAttemptTimeoutException
          || t instanceof ApiCallTimeoutException
          || t instanceof SocketTimeoutException) {
        return silent(Kind.NO_ANSWER, "no answer before the timeout");
      }
      if (t instanceof UnknownHostException) {
        return silent(Kind.NO_ANSWER, "the host name can't be resolved");
      }
      if (t instanceof SSLException) {
        return silent(Kind.NO_ANSWER, "TLS: " + t.getMessage());
      }
      if (t instanceof ConnectException) {
        return silent(Kind.NO_ANSWER, "can't connect");
      }
    }
    return silent(Kind.NO_ANSWER, Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
  }

  private static S3Errors silent(Kind kind, String sentence) {
    return new S3Errors(kind, sentence, false, Optional.empty());
  }
}
