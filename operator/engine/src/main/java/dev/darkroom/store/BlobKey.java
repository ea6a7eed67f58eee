package dev.darkroom.store;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The name of a blob: one or more segments joined by {@code /}, each of 1 to 255 of the characters
 * {@code A-Z a-z 0-9 . _ -}, the first one a letter or digit. So a key is a safe relative path on a
 * file system and a safe object key in S3.
 *
 * @param value the whole key, at most 900 characters
 */
public record BlobKey(String value) implements Comparable<BlobKey> {

  private static final int MAX_LENGTH = 900;
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException for an invalid key
   */
  public BlobKey {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a blob key: " + value);
    }
  }

  /** Returns whether the value is a valid key. */
  public static boolean isValid(String value) {
    return value.length() <= MAX_LENGTH
        && Arrays.stream(value.split("/", -1)).allMatch(s -> SEGMENT.matcher(s).matches());
  }

  /** Joins segments into a key. */
  public static BlobKey of(String... segments) {
    return new BlobKey(String.join("/", segments));
  }

  @Override
  public int compareTo(BlobKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
