package dev.darkroom.source.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Header fields with credentials. They go only to the server of their URL, not to a redirect's
 * other scheme, host or port. Immutable; the text contains no secret.
 */
public final class WebCredentials {

  private static final int MAX_HEADERS = 32;
  private static final int MAX_LENGTH = 8192;

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** RFC 9110, section 5.5, ASCII only. */
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7e]([\\x20\\x09\\x21-\\x7e]*[\\x21-\\x7e])?");

  /** RFC 6750, section 2.1. */
  private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** Header fields that change the message, the range, the connection or the coding. */
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "range",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via");

  private static final WebCredentials NONE = new WebCredentials(Map.of());

  private final Map<String, String> headers;

  private WebCredentials(Map<String, String> headers) {
    this.headers = Map.copyOf(headers);
  }

  /** Returns no credentials. */
  public static WebCredentials none() {
    return NONE;
  }

  /**
   * Returns a user name and password (RFC 7617), in UTF-8.
   *
   * @throws IllegalArgumentException with the reason in one sentence, without the secret
   */
  public static WebCredentials basic(String user, String password) {
    require(!user.isEmpty(), "the user name is empty");
    require(user.indexOf(':') < 0, "the user name contains a colon, which is not allowed");
    require(
        (user + password).chars().noneMatch(Character::isISOControl),
        "the user name or the password contains a control character, such as a line break");
    require(user.length() + password.length() <= MAX_LENGTH / 4, "the password is too long");
    byte[] pair = (user + ":" + password).getBytes(UTF_8);
    return new WebCredentials(
        Map.of(HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  /**
   * Returns a bearer token (RFC 6750).
   *
   * @throws IllegalArgumentException with the reason in one sentence, without the secret
   */
  public static WebCredentials bearer(String token) {
    require(token.length() <= MAX_LENGTH, "the token is too long");
    require(BEARER.matcher(token).matches(), "the token contains a character that is not allowed");
    return new WebCredentials(Map.of(HttpHeaders.AUTHORIZATION, "Bearer " + token));
  }

  /**
   * Returns header fields of any name except those that the client sets.
   *
   * @throws IllegalArgumentException with the reason in one sentence, without a value
   */
  public static WebCredentials headers(Map<String, String> headers) {
    require(headers.size() <= MAX_HEADERS, "there are more than 32 headers");
    Map<String, String> checked = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          require(TOKEN.matcher(name).matches(), "a header has an invalid name");
          String lower = name.toLowerCase(Locale.ROOT);
          require(
              !OURS.contains(lower) && !lower.startsWith("if-") && !lower.startsWith("proxy-"),
              "the header " + name + " can't be set");
          require(value.length() <= MAX_LENGTH, "the value of the header " + name + " is too long");
          require(
              VALUE.matcher(value).matches(),
              "the value of the header "
                  + name
                  + " is empty or contains a character that is not allowed");
          require(checked.put(lower, value) == null, "the header " + name + " occurs twice");
        });
    return new WebCredentials(checked);
  }

  /** Returns the header fields, which are secret. */
  Map<String, String> headers() {
    return headers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WebCredentials credentials && headers.equals(credentials.headers);
  }

  @Override
  public int hashCode() {
    return headers.hashCode();
  }

  /** Returns the number of header fields. */
  @Override
  public String toString() {
    return headers.isEmpty() ? "no credentials" : "secret credentials";
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
