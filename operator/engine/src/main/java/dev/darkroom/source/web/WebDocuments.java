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
 * Small documents from web servers, such as JSON, under the rules that sources are asked by. Safe
 * for use by many threads.
 */
public final class WebDocuments {

  private final WebClient client;
  private final Optional<CaBundle> authorities;

  /** Asks with a client, trusting some authorities besides its own. */
  public WebDocuments(WebClient client, Optional<CaBundle> authorities) {
    this.client = client;
    this.authorities = authorities;
  }

  /**
   * Gets one.
   *
   * @param credentials for the server of the URL alone
   * @param accept media types
   * @param limit how many bytes it may have
   * @return the document, or that the server wants to know who asks
   * @throws SourceException as {@link Source#open()}; {@code INVALID} too when it is too long
   */
  public WebDocument get(String url, WebCredentials credentials, List<String> accept, int limit)
      throws SourceException, InterruptedException {
    WebAddress address = WebAddress.parse(url);
    RedirectChain journey =
        new RedirectChain(client, address, new WebOptions(credentials, authorities));
    Map<String, String> headers = Map.of(HttpHeaders.ACCEPT, String.join(", ", accept));
    WebExchange exchange = journey.go(address, headers, WebRequest.Reuse.NONE);
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
    try (SourceBody body = WebAnswer.taken(exchange, WebAnswer::whole)) {
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
            Kind.INVALID, address + " sends more than the %,d bytes it may".formatted(limit));
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
