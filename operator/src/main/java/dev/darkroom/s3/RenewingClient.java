package dev.darkroom.s3;

import java.util.function.Function;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Makes a request once more that the server refused, when there are other keys by then: those that
 * it was signed with may have been rotated away while something long was under way. (The SDK signs
 * all attempts of one request with the same keys, so its own retries do not help.)
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
    } catch (S3Exception e) {
      if (isRefusal(e) && keys.renewed().test(used)) {
        return operation.apply(request);
      }
      throw e;
    }
  }

  /** The answer to a HEAD says only that it is forbidden, and not what is wrong. */
  private static boolean isRefusal(S3Exception e) {
    S3Trouble.Kind kind = S3Trouble.of(e).kind();
    return kind == S3Trouble.Kind.CREDENTIALS || kind == S3Trouble.Kind.DENIED;
  }
}
