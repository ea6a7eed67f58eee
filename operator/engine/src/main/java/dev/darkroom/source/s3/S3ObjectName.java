package dev.darkroom.source.s3;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an object.
 *
 * @param bucket the name of the bucket; not an ARN, which could lead to another server than the
 *     endpoint
 * @param key the key of the object, 1 to 1024 bytes of UTF-8
 * @param versionId the version; absent for the newest
 */
public record S3ObjectName(String bucket, String key, Optional<String> versionId) {

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
  private static final int MAX_KEY = 1024;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException naming the invalid value
   */
  public S3ObjectName {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("not a valid bucket name: " + printable(bucket));
    }
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_KEY) {
      throw new IllegalArgumentException("an object key has 1 to 1024 bytes, not " + length);
    }
    if (versionId.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException("the version is empty");
    }
  }

  /** Returns the object and its bucket, for messages. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + printable(key);
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
