package dev.darkroom.source.web;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.EmptyBody;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.SourceHead;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;

/** Turns an answer that is no redirect into a body or a failure. */
final class WebAnswer {

  /** Turns an answer into a body. */
  @FunctionalInterface
  interface Reading {
    /** Does not close the exchange when it throws. */
    SourceBody of(WebExchange exchange) throws SourceException;
  }

  private WebAnswer() {}

  /** Applies the reading; closes the exchange when it throws. */
  static SourceBody read(WebExchange exchange, Reading reading) throws SourceException {
    boolean handedOver = false;
    try {
      SourceBody body = reading.of(exchange);
      handedOver = true;
      return body;
    } finally {
      if (!handedOver) {
        exchange.close();
      }
    }
  }

  /** Reads the answer to a request for all bytes. */
  static SourceBody whole(WebExchange exchange) throws SourceException {
    WebAddress from = exchange.address();
    Optional<SourceException> refusal = WebStatus.refusal(from, exchange.response());
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    requireReadable(from, exchange.response());
    OptionalLong length = announced(exchange.response());
    return body(
        exchange,
        head(exchange, length, announcesRanges(exchange.response())),
        new WebBody.Extent(0, length, WebRequest.Reuse.NONE));
  }

  /**
   * Reads the answer to a request for a range (RFC 9110, section 14.2), with {@code If-Range} for a
   * validator.
   */
  static SourceBody part(WebExchange exchange, ByteRange range, Optional<String> validator)
      throws SourceException {
    return switch (exchange.response().getCode()) {
      case HttpStatus.SC_PARTIAL_CONTENT -> range(exchange, range, validator);
      case HttpStatus.SC_OK -> wholeForRange(exchange, range, validator);
      case HttpStatus.SC_REQUESTED_RANGE_NOT_SATISFIABLE ->
          unsatisfiable(exchange, range, validator);
      case HttpStatus.SC_PRECONDITION_FAILED -> throw changed(exchange.address());
      default -> whole(exchange);
    };
  }

  private static SourceBody range(WebExchange exchange, ByteRange range, Optional<String> validator)
      throws SourceException {
    WebAddress from = exchange.address();
    ClassicHttpResponse response = exchange.response();
    requireReadable(from, response);
    if (value(response, HttpHeaders.CONTENT_TYPE)
        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/byteranges"))
        .isPresent()) {
      throw refused(from, "answers a request for one range with several parts");
    }
    ContentRange said =
        contentRange(response)
            .orElseThrow(() -> refused(from, "answers a range without a valid Content-Range"));
    requireSameVersion(exchange, validator);
    ByteRange part =
        said.part()
            .orElseThrow(
                () -> refused(from, "answers a range with a Content-Range that names no bytes"));
    long total =
        said.total().orElseThrow(() -> refused(from, "answers a range without the total length"));
    if (part.offset() != range.offset() || part.end() != Math.min(range.end(), total)) {
      throw refused(
          from,
          "sends bytes %d-%d of %d for the range %d-%d"
              .formatted(part.offset(), part.end() - 1, total, range.offset(), range.end() - 1));
    }
    OptionalLong announced = announced(response);
    if (announced.isPresent() && announced.getAsLong() != part.length()) {
      throw refused(
          from,
          "announces %,d bytes for a range of %,d".formatted(announced.getAsLong(), part.length()));
    }
    return body(
        exchange,
        head(exchange, OptionalLong.of(total), true),
        new WebBody.Extent(part.offset(), OptionalLong.of(part.length()), WebRequest.Reuse.KEEP));
  }

  /**
   * Reads all bytes in place of a range: a server may ignore a range, and then has not proved that
   * it serves any.
   */
  private static SourceBody wholeForRange(
      WebExchange exchange, ByteRange range, Optional<String> validator) throws SourceException {
    requireSameVersion(exchange, validator);
    if (range.offset() != 0) {
      throw refused(exchange.address(), "answers a range with all bytes");
    }
    requireReadable(exchange.address(), exchange.response());
    OptionalLong length = announced(exchange.response());
    return body(
        exchange,
        head(exchange, length, false),
        new WebBody.Extent(0, length, WebRequest.Reuse.KEEP));
  }

  /** Reads the refusal of a range without bytes: the source is empty, or is shorter than before. */
  private static SourceBody unsatisfiable(
      WebExchange exchange, ByteRange range, Optional<String> validator) throws SourceException {
    WebAddress from = exchange.address();
    OptionalLong total =
        contentRange(exchange.response()).map(ContentRange::total).orElse(OptionalLong.empty());
    if (range.offset() == 0 && total.isPresent() && total.getAsLong() == 0) {
      // The body is an error page, not the bytes of the source.
      exchange.close();
      return new EmptyBody(head(exchange, total, false));
    }
    if (validator.isPresent() && total.isPresent() && total.getAsLong() <= range.offset()) {
      throw changed(from);
    }
    throw refused(from, "has no bytes in the range from %,d on".formatted(range.offset()));
  }

  private static void requireSameVersion(WebExchange exchange, Optional<String> validator)
      throws SourceException {
    if (validator.isEmpty()) {
      return;
    }
    Optional<String> found = WebValidator.sameKind(validator.get(), exchange.response());
    if (found.isEmpty()) {
      throw refused(exchange.address(), "answers a range without a validator of its version");
    }
    if (!found.equals(validator)) {
      throw changed(exchange.address());
    }
  }

  private static SourceException changed(WebAddress from) {
    return new SourceException(
        Kind.CHANGED, from + " has another version now than at the start of the fetch");
  }

  private static SourceException refused(WebAddress from, String what) {
    return new SourceException(Kind.RANGE_REFUSED, from + " " + what);
  }

  private static SourceBody body(WebExchange exchange, SourceHead head, WebBody.Extent extent)
      throws SourceException {
    try {
      return new WebBody(exchange, head, extent);
    } catch (IOException e) {
      throw new SourceException(
          Kind.UNAVAILABLE, exchange.address() + " sends a body that can't be read", e);
    }
  }

  private static SourceHead head(WebExchange exchange, OptionalLong length, boolean ranges) {
    ClassicHttpResponse response = exchange.response();
    return new SourceHead(
        exchange.address().toString(),
        length,
        WebValidator.of(response),
        ranges,
        value(response, HttpHeaders.CONTENT_TYPE));
  }

  private static OptionalLong announced(ClassicHttpResponse response) {
    long length = response.getEntity() == null ? 0 : response.getEntity().getContentLength();
    return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
  }

  private static boolean announcesRanges(ClassicHttpResponse response) {
    return value(response, HttpHeaders.ACCEPT_RANGES).filter("bytes"::equalsIgnoreCase).isPresent();
  }

  private static Optional<ContentRange> contentRange(ClassicHttpResponse response) {
    List<Header> headers = List.of(response.getHeaders(HttpHeaders.CONTENT_RANGE));
    return headers.size() == 1 ? ContentRange.parse(headers.get(0).getValue()) : Optional.empty();
  }

  private static void requireReadable(WebAddress from, ClassicHttpResponse response)
      throws SourceException {
    requireIdentity(from, response);
    requireOneLength(from, response);
  }

  /** Requires identity coding: checksums are of the bytes without a coding. */
  private static void requireIdentity(WebAddress from, ClassicHttpResponse response)
      throws SourceException {
    for (Header header : response.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
      String coding = header.getValue().strip().toLowerCase(Locale.ROOT);
      if (!coding.isEmpty() && !coding.equals("identity")) {
        throw new SourceException(
            Kind.INVALID, from + " sends the unrequested content coding " + coding);
      }
    }
  }

  /** RFC 9112, section 6.3: an answer with different lengths is invalid. */
  private static void requireOneLength(WebAddress from, ClassicHttpResponse response)
      throws SourceException {
    long lengths =
        Arrays.stream(response.getHeaders(HttpHeaders.CONTENT_LENGTH))
            .map(Header::getValue)
            .distinct()
            .count();
    if (lengths > 1) {
      throw new SourceException(
          Kind.UNAVAILABLE, from + " announces different lengths in one answer");
    }
  }

  private static Optional<String> value(ClassicHttpResponse response, String header) {
    return Optional.ofNullable(response.getFirstHeader(header)).map(h -> h.getValue().strip());
  }
}
