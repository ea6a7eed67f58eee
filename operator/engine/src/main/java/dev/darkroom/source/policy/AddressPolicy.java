package dev.darkroom.source.policy;

import inet.ipaddr.IPAddress;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which servers may be sources. The author of an Image chooses a URL that the operator
 * requests from inside the cluster, so the URL must not reach what only the operator can reach.
 *
 * <p>The port must be one of {@link #withPorts}. Then the first true statement decides: the host is
 * allowed by name; its address is in a denied range; its address is in an allowed range; its
 * address is public. A host with several addresses must be allowed at each.
 *
 * <p>Immutable.
 */
public final class AddressPolicy {

  private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");
  private static final List<String> DEFAULT_PORTS = List.of("80", "443", "1024-65535");
  private static final int MAX_HOST_NAME = 253;
  private static final String REST_OF_LABEL = "([a-z0-9-]{0,61}[a-z0-9])?";

  /**
   * {@link java.net.URI} has no host whose last label starts with another character than a letter.
   */
  private static final String HOST_NAME =
      "([a-z0-9]" + REST_OF_LABEL + "\\.)*[a-z]" + REST_OF_LABEL;

  private final Set<String> hosts;
  private final List<IpRange> allowed;
  private final List<IpRange> denied;
  private final List<PortRange> ports;

  private AddressPolicy(
      Set<String> hosts, List<IpRange> allowed, List<IpRange> denied, List<PortRange> ports) {
    this.hosts = hosts;
    this.allowed = allowed;
    this.denied = denied;
    this.ports = ports;
  }

  /** Returns the default: public addresses, on the ports 80, 443 and from 1024. */
  public static AddressPolicy defaults() {
    return new AddressPolicy(
        Set.of(), List.of(), List.of(), DEFAULT_PORTS.stream().map(PortRange::parse).toList());
  }

  /**
   * Allows further hosts.
   *
   * @param entries each an address, a CIDR range, or the name of one host
   * @throws IllegalArgumentException naming an entry that is none of these
   */
  public AddressPolicy withAllowed(Collection<String> entries) {
    Set<String> moreHosts = new HashSet<>(hosts);
    entries.stream()
        .filter(AddressPolicy::isHostName)
        .map(AddressPolicy::normal)
        .forEach(moreHosts::add);
    List<IpRange> moreRanges =
        entries.stream().filter(entry -> !isHostName(entry)).map(AddressPolicy::range).toList();
    return new AddressPolicy(
        Set.copyOf(moreHosts), concatenation(allowed, moreRanges), denied, ports);
  }

  /** Allows the local machine: for trials and tests. */
  public AddressPolicy withLoopbackAllowed() {
    return withAllowed(LOOPBACK);
  }

  /**
   * Denies addresses that are allowed otherwise.
   *
   * @param ranges each an address or a CIDR range
   * @throws IllegalArgumentException naming an entry that is neither
   */
  public AddressPolicy withDenied(Collection<String> ranges) {
    List<IpRange> more = ranges.stream().map(IpRange::parse).toList();
    return new AddressPolicy(hosts, allowed, concatenation(denied, more), ports);
  }

  /**
   * Allows these ports and no others.
   *
   * @param ranges each a port or two with a hyphen between
   * @throws IllegalArgumentException naming an entry that is neither
   */
  public AddressPolicy withPorts(Collection<String> ranges) {
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one port");
    }
    return new AddressPolicy(
        hosts, allowed, denied, ranges.stream().map(PortRange::parse).toList());
  }

  /** Returns whether a source may be on the port, from 1 to 65535. */
  public boolean allowsPort(int port) {
    return ports.stream().anyMatch(range -> range.contains(port));
  }

  /**
   * Returns whether a connection may be made.
   *
   * @param host the host of the URL
   * @param address the address of the connection
   */
  public boolean allows(String host, InetAddress address) {
    if (hosts.contains(normal(host))) {
      return true;
    }
    IPAddress itself = IpRange.address(address);
    List<IPAddress> destinations = SpecialAddresses.destinations(itself);
    return !isIn(denied, itself)
        && destinations.stream().noneMatch(destination -> isIn(denied, destination))
        && destinations.stream()
            .allMatch(
                destination ->
                    isIn(allowed, destination) || !SpecialAddresses.contains(destination));
  }

  /** Returns the allowed ports, as configured. */
  public String ports() {
    return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
  }

  /** Describes the policy, for the log. */
  @Override
  public String toString() {
    String exceptions =
        Stream.concat(hosts.stream().sorted(), allowed.stream().map(IpRange::toString))
            .collect(Collectors.joining(", "));
    String denials = denied.stream().map(IpRange::toString).collect(Collectors.joining(", "));
    return "public addresses"
        + (exceptions.isEmpty() ? "" : " and " + exceptions)
        + (denials.isEmpty() ? "" : ", but not " + denials)
        + ", on ports "
        + ports();
  }

  private static boolean isIn(List<IpRange> ranges, IPAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static IpRange range(String entry) {
    try {
      return IpRange.parse(entry);
    } catch (IllegalArgumentException e) {
      // The entry may be meant as either.
      throw entry.matches("[0-9.:/%a-fA-F]+")
          ? e
          : new IllegalArgumentException(
              entry + " is neither an IP address nor a CIDR range nor a host name", e);
    }
  }

  private static boolean isHostName(String entry) {
    String name = normal(entry);
    return name.length() <= MAX_HOST_NAME && name.matches(HOST_NAME);
  }

  /** Normalizes capitals and the dot of the root (RFC 1034, section 3.1). */
  private static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static <T> List<T> concatenation(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).distinct().toList();
  }
}
