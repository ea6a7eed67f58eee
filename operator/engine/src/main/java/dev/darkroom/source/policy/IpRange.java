package dev.darkroom.source.policy;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;

/**
 * The IP addresses with a common prefix, in CIDR notation (RFC 4632, RFC 4291 section 2.3); may be
 * a single address.
 *
 * @param block a whole prefix block, or a single address
 */
public record IpRange(IPAddress block) {

  /** Accepts four decimal numbers or hexadecimal groups, and a prefix length; no older notation. */
  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowAll(false)
          .allowEmpty(false)
          .allowMask(false)
          .allowPrefixOnly(false)
          .allowSingleSegment(false)
          .allowWildcardedSeparator(false)
          .allow_inet_aton(false)
          .setRangeOptions(IPAddressStringParameters.RangeParameters.NO_RANGE)
          .getIPv4AddressParametersBuilder()
          .allowLeadingZeros(false)
          .allowBinary(false)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .allowBinary(false)
          .getParentBuilder()
          .toParams();

  /**
   * Parses the value of an option: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
   *
   * @throws IllegalArgumentException with the reason in one sentence
   */
  public static IpRange parse(String text) {
    IPAddress address;
    try {
      address = new IPAddressString(text, STRICT).toAddress();
    } catch (AddressStringException | IncompatibleAddressException e) {
      throw new IllegalArgumentException(
          "%s is not an IP address or CIDR range, such as 10.0.0.0/8".formatted(text), e);
    }
    if (address.isPrefixed() && !address.isPrefixBlock()) {
      throw new IllegalArgumentException(
          "%s has bits beyond its prefix; the range that it is in is %s"
              .formatted(text, address.toPrefixBlock().toCanonicalString()));
    }
    if (address.isIPv6() && address.toIPv6().isIPv4Mapped()) {
      throw new IllegalArgumentException(
          "%s is an IPv4 address in an IPv6 form; write it as IPv4".formatted(text));
    }
    return new IpRange(address);
  }

  /** Returns the address of a connection as an {@code IPAddress}; omits an IPv6 zone. */
  public static IPAddress address(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPv4Address.BYTE_COUNT ? new IPv4Address(bytes) : new IPv6Address(bytes);
  }

  /** Returns whether the text is an IPv4 address of four decimal numbers without leading zeros. */
  public static boolean isPlainIpv4(String host) {
    try {
      IPAddress address = new IPAddressString(host, STRICT).toAddress();
      return address.isIPv4() && address.toCanonicalString().equals(host);
    } catch (AddressStringException | IncompatibleAddressException e) {
      return false;
    }
  }

  /** Returns whether the address is in the range; false for the other IP version. */
  public boolean contains(IPAddress address) {
    return block.contains(address);
  }

  @Override
  public String toString() {
    return block.toCanonicalString();
  }
}
