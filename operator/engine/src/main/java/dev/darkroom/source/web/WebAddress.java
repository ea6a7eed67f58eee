package dev.darkroom.source.web;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.IpRange;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.utils.URIUtils;
import org.apache.hc.core5.http.HttpHost;

/**
 * An {@code http} or {@code https} URL with a host and without user info and fragment. Its text
 * omits the query, which may contain signatures.
 *
 * @param uri the URL, in ASCII
 */
public record WebAddress(URI uri) {

  /**
   * Parses the URL of a user.
   *
   * @throws SourceException {@code INVALID} with the reason
   */
  static WebAddress parse(String url) throws SourceException {
    try {
      return checked(new URI(url.strip()));
    } catch (URISyntaxException e) {
      // The message of the exception contains the whole URL.
      throw new SourceException(
          Kind.INVALID,
          "the URL is invalid: %s at character %d"
              .formatted(e.getReason().toLowerCase(Locale.ROOT), e.getIndex() + 1));
    } catch (IllegalArgumentException e) {
      throw new SourceException(Kind.INVALID, e.getMessage());
    }
  }

  /**
   * Returns the target of a redirect (RFC 9110, section 10.2.2).
   *
   * @throws SourceException {@code REDIRECT_REFUSED} for a target that is not allowed
   */
  WebAddress redirect(String location) throws SourceException {
    WebAddress next;
    try {
      next = checked(URIUtils.resolve(uri, new URI(location.strip())));
    } catch (URISyntaxException e) {
      throw refused("to an invalid URL");
    } catch (IllegalArgumentException e) {
      throw refused("to a URL that is not allowed: " + e.getMessage());
    }
    if (isSecure() && !next.isSecure()) {
      throw refused("from https to http, to " + next);
    }
    return next;
  }

  /** Makes the refusal of a redirect from this URL. */
  SourceException refused(String why) {
    return new SourceException(Kind.REDIRECT_REFUSED, this + " redirects " + why);
  }

  /** Returns the host to connect to. */
  HttpHost host() {
    String host = uri.getHost();
    boolean isBracketed = host.startsWith("[");
    return new HttpHost(
        uri.getScheme(), isBracketed ? host.substring(1, host.length() - 1) : host, uri.getPort());
  }

  /** Returns the literal IP address in place of a host name, if there is one. */
  Optional<InetAddress> literalAddress() {
    String host = host().getHostName();
    if (!host.contains(":") && !IpRange.isPlainIpv4(host)) {
      return Optional.empty();
    }
    try {
      // A literal address needs no lookup.
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Returns the port; the default of the scheme when the URL has none. */
  int port() {
    return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
  }

  /** Returns whether the URLs have the same origin (RFC 6454, section 5). */
  boolean isSameOrigin(WebAddress other) {
    return uri.getScheme().equals(other.uri.getScheme())
        && uri.getHost().equalsIgnoreCase(other.uri.getHost())
        && port() == other.port();
  }

  /** Returns whether the scheme is https. */
  boolean isSecure() {
    return "https".equals(uri.getScheme());
  }

  /** Returns the URL with a mark in place of the query. */
  @Override
  public String toString() {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme()
        + "://"
        + uri.getRawAuthority()
        + path
        + (uri.getRawQuery() == null ? "" : "?…");
  }

  private static WebAddress checked(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    require(!scheme.isEmpty(), "the URL has no scheme, such as https:");
    require(
        scheme.equals("http") || scheme.equals("https"),
        "URLs of scheme " + scheme + ": are not supported, only http: and https:");
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    require(
        !authority.contains("@"), "the URL contains a user name or password, which is not allowed");
    require(uri.getHost() != null, "the URL has no valid host name");
    requireOneMeaning(uri.getHost());
    require(uri.getPort() != 0 && uri.getPort() <= 65535, "the URL has no valid port");
    StringBuilder plain = new StringBuilder(scheme).append("://").append(authority);
    plain.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
    if (uri.getRawQuery() != null) {
      plain.append('?').append(uri.getRawQuery());
    }
    return new WebAddress(URI.create(URI.create(plain.toString()).toASCIIString()));
  }

  /**
   * Programs interpret {@code 0177.0.0.1}, {@code 127.1}, {@code 2130706433} and {@code 0x7f.1}
   * differently. A host that ends in a number is an address (WHATWG URL Standard, section 3.5), for
   * which only the plain form is accepted. An address with a zone is not accepted either.
   */
  private static void requireOneMeaning(String host) {
    require(
        !isNumeric(host) || IpRange.isPlainIpv4(host),
        "the host " + host + " is not an IP address in its usual form, such as 192.0.2.1");
    require(!host.contains("%"), "the IP address " + host + " has a zone, which is not allowed");
  }

  /** Returns whether a host name ends in a number, decimal, octal or hexadecimal. */
  public static boolean isNumeric(String host) {
    return host.toLowerCase(Locale.ROOT).matches("(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
