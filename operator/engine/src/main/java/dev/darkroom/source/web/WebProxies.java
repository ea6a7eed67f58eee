package dev.darkroom.source.web;

import dev.darkroom.source.policy.IpRange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Selects the proxy of a request from the environment: {@code HTTP_PROXY} and {@code HTTPS_PROXY}
 * for URLs of these schemes, {@code NO_PROXY} for exceptions. Each may be in lower case too; upper
 * case takes precedence. The rules of {@code NO_PROXY} are those of most programs around
 * Kubernetes. Its entries are separated by commas. {@code *} matches every server; {@code
 * example.org} that host and those below it; {@code .example.org} only those below; an address or
 * CIDR range the servers named by such an address; a {@code :port} may follow. The local machine
 * never has a proxy.
 *
 * <p>A proxy resolves names itself, so the address policy can't check the address of a name; the
 * administrator of the proxy decides. The policy still checks the port and a literal address of the
 * URL. It does not check the address of the proxy.
 *
 * <p>Immutable.
 */
public final class WebProxies {

  private static final WebProxies NONE =
      new WebProxies(Optional.empty(), Optional.empty(), List.of());

  private final Optional<WebProxy> http;
  private final Optional<WebProxy> https;
  private final List<Exempt> direct;

  private WebProxies(Optional<WebProxy> http, Optional<WebProxy> https, List<Exempt> direct) {
    this.http = http;
    this.https = https;
    this.direct = direct;
  }

  /** Returns no proxies. */
  public static WebProxies none() {
    return NONE;
  }

  /**
   * Parses the environment.
   *
   * @throws IllegalArgumentException naming the invalid variable, without a secret in it
   */
  public static WebProxies of(Map<String, String> environment) {
    List<Exempt> direct =
        value(environment, "NO_PROXY").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(Exempt::parse)
            .toList();
    return new WebProxies(
        proxy(environment, "HTTP_PROXY"), proxy(environment, "HTTPS_PROXY"), direct);
  }

  /** Returns the proxy for a URL; empty for a direct connection. */
  Optional<WebProxy> forTarget(WebAddress target) {
    Optional<WebProxy> proxy = target.isSecure() ? https : http;
    return proxy.filter(
        some -> !isThisMachine(target) && direct.stream().noneMatch(exempt -> exempt.has(target)));
  }

  /** Describes the proxies without credentials, for the log. */
  @Override
  public String toString() {
    if (http.isEmpty() && https.isEmpty()) {
      return "no proxies";
    }
    return "proxies: http "
        + http.map(WebProxy::toString).orElse("none")
        + ", https "
        + https.map(WebProxy::toString).orElse("none");
  }

  private static boolean isThisMachine(WebAddress target) {
    String host = target.host().getHostName();
    return host.equalsIgnoreCase("localhost")
        || target.literalAddress().filter(address -> address.isLoopbackAddress()).isPresent();
  }

  private static Optional<WebProxy> proxy(Map<String, String> environment, String name) {
    try {
      return value(environment, name).map(WebProxy::parse);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the proxy in " + name + " can't be used: " + e.getMessage(), e);
    }
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Stream.of(name, name.toLowerCase(Locale.ROOT))
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  /**
   * An entry of {@code NO_PROXY}.
   *
   * @param host the end of the host name after a dot, or the whole name; empty for any host
   * @param onlyBelow whether the host itself is excluded
   * @param range the addresses, in place of a host
   * @param port the only matching port, if given
   */
  private record Exempt(
      String host, boolean onlyBelow, Optional<IpRange> range, Optional<Integer> port) {

    static Exempt parse(String entry) {
      if (entry.equals("*")) {
        return new Exempt("", false, Optional.empty(), Optional.empty());
      }
      Optional<IpRange> whole = range(entry);
      if (whole.isPresent()) {
        return new Exempt("", false, whole, Optional.empty());
      }
      String host = entry.replaceFirst(":\\d{1,5}$", "");
      Optional<Integer> port =
          host.length() == entry.length()
              ? Optional.empty()
              : Optional.of(Integer.valueOf(entry.substring(host.length() + 1)));
      Optional<IpRange> range = range(host.replaceAll("[\\[\\]]", ""));
      if (range.isPresent()) {
        return new Exempt("", false, range, port);
      }
      String name = host.replaceFirst("^\\*(?=\\.)", "").toLowerCase(Locale.ROOT);
      return new Exempt(
          name.replaceFirst("^\\.", ""), name.startsWith("."), Optional.empty(), port);
    }

    private static Optional<IpRange> range(String text) {
      try {
        return Optional.of(IpRange.parse(text));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    boolean has(WebAddress target) {
      if (port.isPresent() && port.get() != target.port()) {
        return false;
      }
      if (range.isPresent()) {
        return target
            .literalAddress()
            .filter(address -> range.get().contains(IpRange.address(address)))
            .isPresent();
      }
      String name = target.host().getHostName().toLowerCase(Locale.ROOT);
      return host.isEmpty() || name.endsWith("." + host) || (!onlyBelow && name.equals(host));
    }
  }
}
