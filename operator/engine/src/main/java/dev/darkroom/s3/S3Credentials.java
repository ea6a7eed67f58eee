package dev.darkroom.s3;

import java.util.Optional;

/**
 * The credentials that sign requests.
 *
 * @param accessKeyId the public half
 * @param secretAccessKey the secret half
 * @param sessionToken of temporary credentials
 */
public record S3Credentials(
    String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

  /**
   * Checks that both halves are present.
   *
   * @throws IllegalArgumentException when one is missing
   */
  public S3Credentials {
    if (accessKeyId.isBlank() || secretAccessKey.isBlank()) {
      throw new IllegalArgumentException("S3 credentials are an access key and its secret");
    }
  }

  /** Credentials without a session token. */
  public static S3Credentials of(String accessKeyId, String secretAccessKey) {
    return new S3Credentials(accessKeyId, secretAccessKey, Optional.empty());
  }

  /** Returns the access key without a secret. */
  @Override
  public String toString() {
    return "S3Credentials[" + accessKeyId + "]";
  }
}
