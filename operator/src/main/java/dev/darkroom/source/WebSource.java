package dev.darkroom.source;

import dev.darkroom.source.SourceException.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Bytes from a web server, as they are there: the body of the 200 answer to a plain GET, after
 * redirects, with no content coding. The body has the announced length, or reading it fails.
 */
public final class WebSource implements Source {

  private final WebAddress address;
  private final WebClient client;

  /**
   * Checks the URL; nothing is sent yet.
   *
   * @throws SourceException {@code INVALID} when the URL is not one that can be asked
   */
  public WebSource(String url, WebClient client) throws SourceException {
    this.address = WebAddress.parse(url);
    this.client = client;
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    Set<WebAddress> seen = new HashSet<>();
    WebAddress at = address;
    while (true) {
      seen.add(at);
      WebExchange exchange = ask(at);
      boolean handedOver = false;
      try {
        if (!WebStatus.isRedirect(exchange.response())) {
          SourceBody body = body(exchange);
          handedOver = true;
          return body;
        }
        at = next(exchange, seen);
      } finally {
        if (!handedOver) {
          exchange.close();
        }
      }
    }
  }

  /** The URL without its query. */
  @Override
  public String describe() {
    return address.toString();
  }

  @Override
  public String toString() {
    return describe();
  }

  private WebExchange ask(WebAddress at) throws SourceException, InterruptedException {
    try {
      return client.get(at);
    } catch (SourceException e) {
      if (e.kind() == Kind.BLOCKED && !at.equals(address)) {
        throw new SourceException(
            Kind.BLOCKED, address + " redirects on, but " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static WebAddress next(WebExchange exchange, Set<WebAddress> seen)
      throws SourceException {
    WebAddress from = exchange.address();
    String location =
        value(exchange.response(), HttpHeaders.LOCATION)
            .orElseThrow(() -> from.refused("without saying where to"));
    WebAddress to = from.redirect(location);
    if (seen.contains(to)) {
      throw from.refused("in a loop, back to " + to);
    }
    if (seen.size() > exchange.limits().redirects()) {
      throw from.refused("once more after " + exchange.limits().redirects() + " redirects");
    }
    return to;
  }

  private static SourceBody body(WebExchange exchange) throws SourceException {
    ClassicHttpResponse response = exchange.response();
    WebAddress from = exchange.address();
    Optional<SourceException> refusal = WebStatus.refusal(from, response);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    requireIdentity(from, response);
    requireOneLength(from, response);
    try {
      return new WebBody(exchange, head(from, response));
    } catch (IOException e) {
      throw new SourceException(Kind.UNAVAILABLE, from + " gave a body that can't be read", e);
    }
  }

  private static SourceHead head(WebAddress from, ClassicHttpResponse response) {
    long length = response.getEntity() == null ? 0 : response.getEntity().getContentLength();
    return new SourceHead(
        from.toString(),
        length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
        value(response, HttpHeaders.ETAG).filter(etag -> !etag.startsWith("W/")),
        value(response, HttpHeaders.ACCEPT_RANGES).filter("bytes"::equalsIgnoreCase).isPresent(),
        value(response, HttpHeaders.CONTENT_TYPE));
  }

  /** A checksum is of the bytes as they lie there, so no coding may come between. */
  private static void requireIdentity(WebAddress from, ClassicHttpResponse response)
      throws SourceException {
    for (Header header : response.getHeaders(HttpHeaders.CONTENT_ENCODING)) {
      String coding = header.getValue().strip().toLowerCase(Locale.ROOT);
      if (!coding.isEmpty() && !coding.equals("identity")) {
        throw new SourceException(
            Kind.INVALID,
            from + " sends its bytes in the content coding " + coding + ", though none was asked");
      }
    }
  }

  /** RFC 9112, section 6.3: an answer with different lengths is not to be trusted. */
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
