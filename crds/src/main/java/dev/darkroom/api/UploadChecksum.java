package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How an S3 server checks that bytes arrived as they were sent. */
public enum UploadChecksum {
  /** {@code Content-MD5}. */
  @JsonProperty("ContentMD5")
  CONTENT_MD5,
  /** {@code x-amz-checksum-crc32}. */
  @JsonProperty("CRC32")
  CRC32;

  /**
   * Reads what is written. Where only a later release knows the value, bytes are checked all the
   * same.
   */
  @JsonCreator
  static UploadChecksum read(String text) {
    return LaterValue.read(UploadChecksum.class, text, CONTENT_MD5);
  }
}
