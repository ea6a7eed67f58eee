package dev.darkroom.source.web;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Follows redirects from a URL to an answer that is no redirect. Checks each hop like the first.
 * Sends secrets only to the server of the URL.
 *
 * @param client sends the requests
 * @param origin the URL of the user
 * @param options have the credentials, which only go to the origin's scheme, host and port
 */
record RedirectChain(WebClient client, WebAddress origin, WebOptions options) {

  /**
   * Sends requests until the answer is no redirect.
   *
   * @param start the first URL: the origin, or the target of its earlier redirects
   * @param headers sent to every hop
   * @return the answer, of any status but a redirect; the caller closes it
   */
  WebExchange follow(WebAddress start, Map<String, String> headers, WebRequest.Reuse reuse)
      throws SourceException, InterruptedException {
    Set<WebAddress> seen = new HashSet<>();
    WebAddress at = start;
    while (true) {
      seen.add(at);
      WebExchange exchange =
          ask(new WebRequest(at, headersFor(at, headers), options.authorities(), reuse));
      if (!WebStatus.isRedirect(exchange.response())) {
        return exchange;
      }
      try (exchange) {
        at = next(exchange, seen);
      }
    }
  }

  private Map<String, String> headersFor(WebAddress at, Map<String, String> headers) {
    if (!at.isSameOrigin(origin)) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(options.credentials().headers());
    all.putAll(headers);
    return all;
  }

  private WebExchange ask(WebRequest request) throws SourceException, InterruptedException {
    try {
      return client.get(request);
    } catch (SourceException e) {
      if (e.kind() == Kind.BLOCKED && !request.address().equals(origin)) {
        throw new SourceException(Kind.BLOCKED, origin + " redirects on, but " + e.getMessage(), e);
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

  private static Optional<String> value(ClassicHttpResponse response, String header) {
    return Optional.ofNullable(response.getFirstHeader(header)).map(h -> h.getValue().strip());
  }

  /** Omits the secrets. */
  @Override
  public String toString() {
    return origin.toString();
  }
}
