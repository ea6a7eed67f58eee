package dev.darkroom.e2e.conformance;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server as it should be: it says the length and an ETag, and serves ranges (RFC 9110,
 * section 14) as long as the validator that it is asked with is the ETag.
 */
final class Serving implements Script {

  private static final Pattern RANGE = Pattern.compile("(?im)^Range: *bytes=(\\d+)-(\\d*) *$");
  private static final Pattern CONDITION = Pattern.compile("(?im)^(If-Range|If-Match): *(.*?) *$");
  private static final int PIECE = 64 << 10;

  private final byte[] bytes;
  private final String etag;
  private final AtomicLong sent = new AtomicLong();

  private Serving(byte[] bytes, String etag) {
    this.bytes = bytes;
    this.etag = etag;
  }

  /** Serves these bytes; the same bytes have the same ETag. */
  static Serving of(byte[] bytes) {
    return new Serving(bytes, "\"" + Arrays.hashCode(bytes) + "\"");
  }

  /** What a request is about: from the first byte that it asks for to the last, inclusive. */
  record Wanted(int first, int last) {

    int length() {
      return last - first + 1;
    }
  }

  /** How many bytes of bodies it has sent so far. */
  long sent() {
    return sent.get();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  String etag() {
    return etag;
  }

  @Override
  public void play(FaultyExchange exchange) throws IOException {
    Optional<String> condition = condition(exchange.request());
    boolean same = condition.isEmpty() || condition.get().equals(etag);
    if (!same && exchange.request().toLowerCase(Locale.ROOT).contains("if-match:")) {
      exchange.head(412, "Content-Length: 0");
      return;
    }
    Optional<Wanted> wanted = same ? wanted(exchange.request()) : Optional.empty();
    head(exchange, wanted);
    body(exchange, wanted.orElse(new Wanted(0, bytes.length - 1)));
  }

  /** The range that a request asks for, within these bytes; empty when it asks for none. */
  Optional<Wanted> wanted(String request) {
    Matcher range = RANGE.matcher(request);
    if (!range.find()) {
      return Optional.empty();
    }
    int first = Integer.parseInt(range.group(1));
    int last = range.group(2).isEmpty() ? bytes.length - 1 : Integer.parseInt(range.group(2));
    return Optional.of(new Wanted(first, Math.min(last, bytes.length - 1)));
  }

  /** Says what is to come. */
  void head(FaultyExchange exchange, Optional<Wanted> wanted) throws IOException {
    String tag = "ETag: " + etag;
    if (wanted.isEmpty()) {
      exchange.head(200, "Content-Length: " + bytes.length, "Accept-Ranges: bytes", tag);
    } else {
      exchange.head(206, "Content-Length: " + wanted.get().length(), range(wanted.get()), tag);
    }
  }

  /** The header of a part. */
  String range(Wanted wanted) {
    return "Content-Range: bytes %d-%d/%d".formatted(wanted.first(), wanted.last(), bytes.length);
  }

  /** Sends the bytes, and counts them. */
  void body(FaultyExchange exchange, Wanted wanted) throws IOException {
    for (int at = wanted.first(); at <= wanted.last(); at += PIECE) {
      int end = Math.min(at + PIECE, wanted.last() + 1);
      exchange.body(Arrays.copyOfRange(bytes, at, end));
      sent.addAndGet(end - at);
    }
  }

  private static Optional<String> condition(String request) {
    Matcher condition = CONDITION.matcher(request);
    return condition.find() ? Optional.of(condition.group(2)) : Optional.empty();
  }
}
