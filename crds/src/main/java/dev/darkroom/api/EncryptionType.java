package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose keys an S3 server encrypts with. */
public enum EncryptionType {
  /** The server's own: SSE-S3. */
  @JsonProperty("AES256")
  AES256,
  /** A key management service's: SSE-KMS. */
  @JsonProperty("KMS")
  KMS
}
