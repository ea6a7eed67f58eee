package dev.darkroom.store.s3;

/**
 * An object on the same server that is copied.
 *
 * @param size in bytes
 * @param eTag without quotes
 */
record S3CopySource(String bucket, String object, long size, String eTag) {

  String quotedETag() {
    return '"' + eTag + '"';
  }
}
