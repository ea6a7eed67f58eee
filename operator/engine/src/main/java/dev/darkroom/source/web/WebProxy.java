package dev.darkroom.source.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.PercentCodec;

/**
 * An HTTP proxy that an administrator configured.
 *
 * @param host its host and port; the connection to it is plain text
 * @param credentials for the proxy
 */
record WebProxy(HttpHost host, Optional<UsernamePasswordCredentials> credentials) {

  private static final int DEFAULT_PORT = 80;

  /**
   * Parses {@code http://user:password@host:port}; the scheme and the user are optional.
   *
   * @throws IllegalArgumentException with the reason in one sentence, without the secret
   */
  static WebProxy parse(String text) {
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL, such as http://proxy:3128");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http")) {
      throw new IllegalArgumentException(
          "proxies of scheme " + scheme + ": are not supported, only http:");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("it has no valid host name");
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    return new WebProxy(
        new HttpHost("http", host, port),
        Optional.ofNullable(uri.getRawUserInfo()).map(WebProxy::credentials));
  }

  private static UsernamePasswordCredentials credentials(String userInfo) {
    String[] parts = userInfo.split(":", 2);
    return new UsernamePasswordCredentials(
        decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : "").toCharArray());
  }

  private static String decoded(String text) {
    return PercentCodec.decode(text, StandardCharsets.UTF_8);
  }

  /** Returns the URL without the credentials. */
  @Override
  public String toString() {
    return host.toHostString();
  }
}
