package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Owner of the keys that an S3 server encrypts with. */
public enum EncryptionType {
  /** Keys of the S3 server: SSE-S3. */
  @JsonProperty("AES256")
  AES256,
  /** Keys of a key management service: SSE-KMS. */
  @JsonProperty("KMS")
  KMS;

  /**
   * Parses a value. An unknown value of a later release is read as KMS, so that no bytes are stored
   * unencrypted.
   */
  @JsonCreator
  static EncryptionType read(String text) {
    return LaterValue.read(EncryptionType.class, text, KMS);
  }
}
