package dev.darkroom.store.s3;

import java.util.Optional;

/** The encryption of objects by the server. */
public sealed interface S3Encryption {

  /** The default of the bucket. */
  record BucketDefault() implements S3Encryption {}

  /** SSE-S3: with the server's own keys. */
  record ServerKeys() implements S3Encryption {}

  /**
   * SSE-KMS: with a key of the key management service.
   *
   * @param keyId the key's id or ARN; the service's default key for S3 when absent
   */
  record Kms(Optional<String> keyId) implements S3Encryption {}
}
