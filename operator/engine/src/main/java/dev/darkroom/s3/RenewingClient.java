package dev.darkroom.s3;

import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Repeats a request that the server refused, if the keys have changed since: a rotation may have
 * invalidated the keys during a long operation. (The SDK signs all attempts of one request with the
 * same keys, so its own retries do not help.)
 */
final class RenewingClient extends DelegatingS3Client {

  private final S3Identity.Keys keys;

  RenewingClient(S3Client delegate, S3Identity.Keys keys) {
    super(delegate);
    this.keys = keys;
  }

  @Override
  protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
    S3Credentials used = keys.current().get();
    try {
      return operation.apply(request);
    } catch (SdkException e) {
      if (mayBeRefusal(request, e) && keys.renewed().test(used)) {
        return operation.apply(request);
      }
      throw e;
    }
  }

  /**
   * The answer to a HEAD has no error code, only the status 403. A server may refuse a request
   * before the whole body has arrived, and close the connection: then the client never receives the
   * answer.
   */
  private static boolean mayBeRefusal(S3Request request, SdkException e) {
    return switch (S3Errors.of(e).kind()) {
      case CREDENTIALS, DENIED -> true;
      case NO_ANSWER -> hasBody(request);
      default -> false;
    };
  }

  /** The request is idempotent. */
  private static boolean hasBody(S3Request request) {
    return request instanceof UploadPartRequest
        || (request instanceof PutObjectRequest put
            && put.ifNoneMatch() == null
            && put.ifMatch() == null);
  }
}
