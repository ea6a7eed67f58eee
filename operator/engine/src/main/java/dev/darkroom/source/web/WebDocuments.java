package dev.darkroom.source.web;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Gets small documents from web servers, such as JSON, by the same rules as sources. Thread-safe.
 */
public final class WebDocuments {

  private final WebClient client;
  private final Optional<CaBundle> authorities;

  /** Uses the client and trusts the certificate authorities in addition to its own. */
  public WebDocuments(WebClient client, Optional<CaBundle> authorities) {
    this.client = client;
    this.authorities = authorities;
  }

  /**
   * Gets a document.
   *
   * @param credentials for the server of the URL only
   * @param accept the media types
   * @param limit the most bytes
   * @return the document, or the server's challenge for authentication
   * @throws SourceException as {@link Source#open()}; {@code INVALID} too when the document is too
   *     long
   */
  public WebDocument get(String url, WebCredentials credentials, List<String> accept, int limit)
      throws SourceException, InterruptedException {
    WebAddress address = WebAddress.parse(url);
    RedirectChain redirects =
        new RedirectChain(client, address, new WebOptions(credentials, authorities));
    Map<String, String> headers = Map.of(HttpHeaders.ACCEPT, String.join(", ", accept));
    WebExchange exchange = redirects.follow(address, headers, WebRequest.Reuse.NONE);
    ClassicHttpResponse response = exchange.response();
    List<String> authenticate =
        Arrays.stream(response.getHeaders(HttpHeaders.WWW_AUTHENTICATE))
            .map(Header::getValue)
            .toList();
    if (response.getCode() == HttpStatus.SC_UNAUTHORIZED && !authenticate.isEmpty()) {
      exchange.close();
      return new WebDocument(authenticate, Optional.empty(), Optional.empty(), new byte[0]);
    }
    Optional<String> digest =
        Optional.ofNullable(response.getFirstHeader("Docker-Content-Digest"))
            .map(header -> header.getValue().strip());
    try (SourceBody body = WebAnswer.read(exchange, WebAnswer::whole)) {
      return new WebDocument(
          List.of(), body.head().contentType(), digest, bytes(address, body, limit));
    }
  }

  private static byte[] bytes(WebAddress address, SourceBody body, int limit)
      throws SourceException, InterruptedException {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.min(limit, body.head().length().orElse(limit)) + 1);
    while (body.read(bytes) >= 0) {
      if (!bytes.hasRemaining()) {
        throw new SourceException(
            Kind.INVALID, address + " sends more than the %,d bytes allowed".formatted(limit));
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
