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
 * The IP addresses that begin with the same bits, in CIDR notation (RFC 4632, RFC 4291 section
 * 2.3); maybe only one.
 *
 * @param block a whole prefix block, or a single address
 */
public record IpRange(IPAddress block) {

  /** Four decimal numbers or hexadecimal groups, and a prefix length: none of the older ways. */
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
   * Reads what an administrator wrote: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
   *
   * @throws IllegalArgumentException saying in a sentence what is wrong with it
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

  /** An address that a connection can be made to; an IPv6 zone is left out. */
  public static IPAddress address(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPv4Address.BYTE_COUNT ? new IPv4Address(bytes) : new IPv6Address(bytes);
  }

  /** Whether it is an IPv4 address of four decimal numbers without leading zeros. */
  public static boolean isPlainIpv4(String host) {
    try {
      IPAddress address = new IPAddressString(host, STRICT).toAddress();
      return address.isIPv4() && address.toCanonicalString().equals(host);
    } catch (AddressStringException | IncompatibleAddressException e) {
      return false;
    }
  }

  /** Whether an address is in the range; one of another IP version never is. */
  public boolean contains(IPAddress address) {
    return block.contains(address);
  }

  @Override
  public String toString() {
    return block.toCanonicalString();
  }
}
