package dev.darkroom.source.s3;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A request for an object or a range, and the comparison of the answer with it. All values are
 * compared, since some servers ignore conditions and ranges.
 *
 * @param source the name of the object, for messages
 * @param range the range; empty for all bytes
 * @param validator the version; empty for any
 */
record S3Answer(String source, Optional<ByteRange> range, Optional<String> validator) {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
  private static final Pattern OPAQUE = Pattern.compile("[\\x21\\x23-\\x7e]{1,200}");
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /**
   * A checked answer.
   *
   * @param head describes all bytes
   * @param length the number of bytes of the body
   */
  record Part(SourceHead head, OptionalLong length) {}

  /** Adds the range and the condition to the request. */
  void ask(GetObjectRequest.Builder request) {
    range.ifPresent(wanted -> request.range(header(wanted)));
    validator.ifPresent(request::ifMatch);
  }

  private static String header(ByteRange range) {
    return "bytes="
        + range.offset()
        + "-"
        + (range.end() == Long.MAX_VALUE ? "" : String.valueOf(range.end() - 1));
  }

  /**
   * Compares the answer with the request.
   *
   * @throws SourceException {@code CHANGED} or {@code RANGE_REFUSED} when they differ
   */
  Part check(GetObjectResponse response) throws SourceException {
    Optional<String> version = validatorOf(response);
    if (validator.isPresent()) {
      if (version.isEmpty()) {
        throw refused("answers a range without a validator of its version");
      }
      if (!version.equals(validator)) {
        throw new SourceException(
            Kind.CHANGED, source + " has another version now than at the start of the fetch");
      }
    }
    return response.contentRange() == null || range.isEmpty()
        ? whole(response, version)
        : part(response, version, range.get());
  }

  private Part whole(GetObjectResponse response, Optional<String> version) throws SourceException {
    if (range.isPresent() && range.get().offset() != 0) {
      throw refused("answers a range with all bytes");
    }
    OptionalLong length =
        response.contentLength() == null
            ? OptionalLong.empty()
            : OptionalLong.of(response.contentLength());
    // A server that ignores the range serves no ranges.
    return new Part(head(response, version, length, range.isEmpty()), length);
  }

  private Part part(GetObjectResponse response, Optional<String> version, ByteRange wanted)
      throws SourceException {
    Matcher said = CONTENT_RANGE.matcher(response.contentRange());
    if (!said.matches()) {
      throw refused("answers a range without a valid Content-Range");
    }
    long first = Long.parseLong(said.group(1));
    long end = Long.parseLong(said.group(2)) + 1;
    long total = Long.parseLong(said.group(3));
    if (first != wanted.offset() || end != Math.min(wanted.end(), total)) {
      throw refused(
          "sends bytes %d-%d of %d for the range %d-%d"
              .formatted(first, end - 1, total, wanted.offset(), wanted.end() - 1));
    }
    if (response.contentLength() == null || response.contentLength() != end - first) {
      throw refused("announces another length than the range has");
    }
    return new Part(
        head(response, version, OptionalLong.of(total), true), OptionalLong.of(end - first));
  }

  /** Returns an empty body when the object is empty, so that no byte is in the range. */
  Optional<SourceBody> emptyBody(RuntimeException e) {
    boolean beyond =
        e instanceof S3Exception answer && answer.statusCode() == RANGE_NOT_SATISFIABLE;
    if (!beyond || range.isEmpty() || range.get().offset() != 0 || validator.isPresent()) {
      return Optional.empty();
    }
    SourceHead head =
        new SourceHead(source, OptionalLong.of(0), Optional.empty(), false, Optional.empty());
    return Optional.of(new Nothing(head));
  }

  private record Nothing(SourceHead head) implements SourceBody {

    @Override
    public int read(ByteBuffer into) {
      return -1;
    }

    @Override
    public void close() {
      // Holds no connection.
    }
  }

  private SourceHead head(
      GetObjectResponse response, Optional<String> version, OptionalLong length, boolean ranges) {
    return new SourceHead(
        source, length, version, ranges, Optional.ofNullable(response.contentType()));
  }

  private static Optional<String> validatorOf(GetObjectResponse response) {
    return Optional.ofNullable(response.eTag())
        .filter(tag -> !tag.startsWith("W/"))
        .map(tag -> tag.replace("\"", ""))
        .filter(tag -> OPAQUE.matcher(tag).matches())
        .map(tag -> '"' + tag + '"');
  }

  private SourceException refused(String what) {
    return new SourceException(Kind.RANGE_REFUSED, source + " " + what);
  }
}
