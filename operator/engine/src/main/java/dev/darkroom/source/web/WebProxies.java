package dev.darkroom.source.web;

import dev.darkroom.source.policy.IpRange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which servers are asked through a proxy, as the environment says: {@code HTTP_PROXY} and {@code
 * HTTPS_PROXY} for URLs of these schemes, {@code NO_PROXY} for servers that are asked directly all
 * the same; each in lower case too, where the one in capitals comes first. The rules are those of
 * most programs around Kubernetes: in {@code NO_PROXY}, separated by commas, {@code *} is every
 * server; {@code example.org} is that host and those below it; {@code .example.org} only those
 * below; an address or CIDR range is the servers that are named by such an address; a {@code :port}
 * may follow. This machine itself is always asked directly.
 *
 * <p>A proxy makes the connection in our place: the address policy then can't see the address that
 * a name leads to, and it is the proxy's administrator who decides. What a URL itself tells, its
 * port and an address in the place of a name, is held to the policy still. The proxy's own address
 * is not.
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

  /** Every server is asked directly. */
  public static WebProxies none() {
    return NONE;
  }

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException saying in a sentence which variable can't be understood,
   *     without the secret that may be in it
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

  /** The proxy that a URL is asked through; empty when it is asked directly. */
  Optional<WebProxy> forTarget(WebAddress target) {
    Optional<WebProxy> proxy = target.isSecure() ? https : http;
    return proxy.filter(
        some -> !isThisMachine(target) && direct.stream().noneMatch(exempt -> exempt.has(target)));
  }

  /** What it says, for the log; without credentials. */
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
   * @param host its end after a dot, or all of it; empty for any
   * @param onlyBelow whether the host itself is not meant
   * @param range the addresses that are meant, in place of a host
   * @param port the only one that is meant, if there is one
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
