package dev.darkroom.store.s3;

/**
 * An object to copy on the same server.
 *
 * @param size in bytes
 * @param eTag without quotes
 */
record S3CopySource(String bucket, String object, long size, String eTag) {

  String quotedETag() {
    return '"' + eTag + '"';
  }
}
