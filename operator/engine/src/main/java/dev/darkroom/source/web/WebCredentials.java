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
 * Header fields that let a request in. They are sent to the server of the URL that they were given
 * for and to no other: not where a redirect leads to another scheme, host or port. Immutable; its
 * text holds nothing of them.
 */
public final class WebCredentials {

  private static final int MAX_HEADERS = 32;
  private static final int MAX_LENGTH = 8192;

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** RFC 9110, section 5.5, without what is not ASCII. */
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7e]([\\x20\\x09\\x21-\\x7e]*[\\x21-\\x7e])?");

  /** RFC 6750, section 2.1. */
  private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** What makes the message, the range, the connection or the coding another than we meant. */
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

  /** Nothing at all. */
  public static WebCredentials none() {
    return NONE;
  }

  /**
   * A user's name and password (RFC 7617), in UTF-8.
   *
   * @throws IllegalArgumentException saying in a sentence what is wrong, without the secret
   */
  public static WebCredentials basic(String user, String password) {
    require(!user.isEmpty(), "the user name is empty");
    require(user.indexOf(':') < 0, "the user name has a colon in it, which is not allowed");
    require(
        (user + password).chars().noneMatch(Character::isISOControl),
        "the user name or the password has a control character in it, such as a line's end");
    require(user.length() + password.length() <= MAX_LENGTH / 4, "the password is too long");
    byte[] pair = (user + ":" + password).getBytes(UTF_8);
    return new WebCredentials(
        Map.of(HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  /**
   * A bearer token (RFC 6750).
   *
   * @throws IllegalArgumentException saying in a sentence what is wrong, without the secret
   */
  public static WebCredentials bearer(String token) {
    require(token.length() <= MAX_LENGTH, "the token is too long");
    require(
        BEARER.matcher(token).matches(), "the token has a character in it that no token may have");
    return new WebCredentials(Map.of(HttpHeaders.AUTHORIZATION, "Bearer " + token));
  }

  /**
   * Header fields of any name but those that the client itself needs.
   *
   * @throws IllegalArgumentException saying in a sentence what is wrong, without a value
   */
  public static WebCredentials headers(Map<String, String> headers) {
    require(headers.size() <= MAX_HEADERS, "there are more than 32 headers");
    Map<String, String> checked = new LinkedHashMap<>();
    headers.forEach(
        (name, value) -> {
          require(TOKEN.matcher(name).matches(), "a header has a name that is not allowed");
          String lower = name.toLowerCase(Locale.ROOT);
          require(
              !OURS.contains(lower) && !lower.startsWith("if-") && !lower.startsWith("proxy-"),
              "the header " + name + " can't be set");
          require(value.length() <= MAX_LENGTH, "the value of the header " + name + " is too long");
          require(
              VALUE.matcher(value).matches(),
              "the value of the header "
                  + name
                  + " is empty, or has a character in it that is not allowed");
          require(checked.put(lower, value) == null, "the header " + name + " is there twice");
        });
    return new WebCredentials(checked);
  }

  /** The header fields, which are secret. */
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

  /** How many they are. */
  @Override
  public String toString() {
    return headers.isEmpty() ? "no credentials" : "credentials that are not told";
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
