package dev.darkroom.source.web;

import dev.darkroom.source.ByteRange;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Content-Range of an answer (RFC 9110, section 14.4), in bytes.
 *
 * @param part the bytes of the answer; empty when the server has none in the range
 * @param total the number of all bytes, if given
 */
record ContentRange(Optional<ByteRange> part, OptionalLong total) {

  private static final Pattern SYNTAX =
      Pattern.compile(
          "bytes (?:(\\d{1,19})-(\\d{1,19})|\\*)/(\\d{1,19}|\\*)", Pattern.CASE_INSENSITIVE);

  /** Parses the header's value; empty when it is invalid. */
  static Optional<ContentRange> parse(String value) {
    Matcher matcher = SYNTAX.matcher(value.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      OptionalLong total =
          matcher.group(3).equals("*")
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(matcher.group(3)));
      if (matcher.group(1) == null) {
        return Optional.of(new ContentRange(Optional.empty(), total));
      }
      long first = Long.parseLong(matcher.group(1));
      long last = Long.parseLong(matcher.group(2));
      if (last < first || (total.isPresent() && last >= total.getAsLong())) {
        return Optional.empty();
      }
      return Optional.of(
          new ContentRange(
              Optional.of(new ByteRange(first, Math.addExact(last - first, 1))), total));
    } catch (NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
