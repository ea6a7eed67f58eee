package dev.darkroom.store.s3;

import java.util.Optional;

/** How the server is asked to encrypt what it keeps. */
public sealed interface S3Encryption {

  /** As the bucket is set up. */
  record BucketDefault() implements S3Encryption {}

  /** SSE-S3: with keys of the server's own. */
  record ServerKeys() implements S3Encryption {}

  /**
   * SSE-KMS: with a key of the key management service.
   *
   * @param keyId the key's id or ARN; the service's default key for S3 when absent
   */
  record Kms(Optional<String> keyId) implements S3Encryption {}
}
