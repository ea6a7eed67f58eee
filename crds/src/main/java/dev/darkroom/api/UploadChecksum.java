package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Checksum by which an S3 server verifies uploaded bytes. */
public enum UploadChecksum {
  /** {@code Content-MD5}. */
  @JsonProperty("ContentMD5")
  CONTENT_MD5,
  /** {@code x-amz-checksum-crc32}. */
  @JsonProperty("CRC32")
  CRC32;

  /** Parses a value. With an unknown value of a later release, uploads are still verified. */
  @JsonCreator
  static UploadChecksum read(String text) {
    return LaterValue.read(UploadChecksum.class, text, CONTENT_MD5);
  }
}
