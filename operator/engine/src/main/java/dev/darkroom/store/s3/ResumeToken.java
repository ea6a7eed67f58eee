package dev.darkroom.store.s3;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies an unpublished write: its future object and the sizes of its parts, which do not
 * depend on the current settings. The upload is found by the object, whose name is unique, so that
 * the token exists before the upload.
 *
 * @param object the name of the object, prefix included
 * @param plan the sizes of its parts
 */
record ResumeToken(String object, PartPlan plan) {

  private static final Pattern TOKEN =
      Pattern.compile("s3-1:(?<bytes>\\d{7,10}):(?<parts>\\d{2,9}):(?<object>.+)");

  /** Parses a token; empty when it is not a token of an S3 store. */
  static Optional<ResumeToken> parse(String token) {
    Matcher matcher = TOKEN.matcher(token);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long bytes = Long.parseLong(matcher.group("bytes"));
    int parts = Integer.parseInt(matcher.group("parts"));
    return bytes < S3StoreConfig.MIN_PART_BYTES
            || bytes > S3StoreConfig.MAX_PART_BYTES
            || parts < S3StoreConfig.MIN_PARTS
        ? Optional.empty()
        : Optional.of(new ResumeToken(matcher.group("object"), new PartPlan((int) bytes, parts)));
  }

  @Override
  public String toString() {
    return "s3-1:%d:%d:%s".formatted(plan.partBytes(), plan.maxParts(), object);
  }
}
