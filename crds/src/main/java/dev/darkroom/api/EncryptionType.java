package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose keys an S3 server encrypts with. */
public enum EncryptionType {
  /** The server's own: SSE-S3. */
  @JsonProperty("AES256")
  AES256,
  /** A key management service's: SSE-KMS. */
  @JsonProperty("KMS")
  KMS;

  /**
   * Reads what is written. Where only a later release knows the value, nothing is stored
   * unencrypted.
   */
  @JsonCreator
  static EncryptionType read(String text) {
    return LaterValue.read(EncryptionType.class, text, KMS);
  }
}
