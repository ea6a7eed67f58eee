package dev.darkroom.source.s3;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which object.
 *
 * @param bucket the bucket's name; no ARN, which could lead elsewhere than to the endpoint
 * @param key the object's name, 1 to 1024 bytes of UTF-8
 * @param versionId which version of it; the newest when absent
 */
public record S3ObjectName(String bucket, String key, Optional<String> versionId) {

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");
  private static final int MAX_KEY = 1024;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException saying in a sentence which is wrong
   */
  public S3ObjectName {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("no bucket can have the name " + printable(bucket));
    }
    int length = key.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_KEY) {
      throw new IllegalArgumentException("an object's name has 1 to 1024 bytes, not " + length);
    }
    if (versionId.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException("the version has no name");
    }
  }

  /** The object in the bucket, for people. */
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + printable(key);
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
