package dev.darkroom.source.policy;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses outside the public Internet, by the IANA special-purpose registries (RFC 6890 and
 * its successors); of IPv6 all that is not global unicast.
 */
final class SpecialAddresses {

  private static final List<IpRange> RANGES =
      Stream.of(
              "0.0.0.0/8", // this network, unspecified (RFC 791)
              "10.0.0.0/8", // private (RFC 1918)
              "100.64.0.0/10", // carrier-grade NAT (RFC 6598)
              "127.0.0.0/8", // loopback (RFC 1122)
              "168.63.129.16/32", // a cloud's host agent, behind an address that looks public
              "169.254.0.0/16", // link-local (RFC 3927), cloud metadata services
              "172.16.0.0/12", // private (RFC 1918)
              "192.0.0.0/24", // protocol assignments (RFC 6890), a cloud's metadata service
              "192.0.2.0/24", // documentation (RFC 5737)
              "192.88.99.0/24", // 6to4 relays (RFC 7526)
              "192.168.0.0/16", // private (RFC 1918)
              "198.18.0.0/15", // benchmarking (RFC 2544)
              "198.51.100.0/24", // documentation (RFC 5737)
              "203.0.113.0/24", // documentation (RFC 5737)
              "224.0.0.0/4", // multicast (RFC 5771)
              "240.0.0.0/4", // reserved (RFC 1112), broadcast (RFC 919)
              // All but 2000::/3, which is global unicast (RFC 4291, section 2.4). Here are
              // unspecified ::, loopback ::1, IPv4-compatible ::/96, IPv4-mapped ::ffff:0:0/96,
              // IPv4-translated ::ffff:0:0:0/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48, discard
              // 100::/64,
              "::/3",
              // SRv6 5f00::/16,
              "4000::/2",
              // unique local fc00::/7, link-local fe80::/10, site-local fec0::/10 and multicast
              // ff00::/8.
              "8000::/1",
              "2001::/23", // protocol assignments (RFC 2928), Teredo 2001::/32, ORCHID 2001:20::/28
              "2001:db8::/32", // documentation (RFC 3849)
              "2002::/16", // 6to4 (RFC 7526)
              "3fff::/20") // documentation (RFC 9637)
          .map(IpRange::parse)
          .toList();

  private SpecialAddresses() {}

  /** Returns whether the address is outside the public Internet. */
  static boolean contains(IPAddress address) {
    return RANGES.stream().anyMatch(range -> range.contains(address));
  }

  /**
   * Returns the addresses that a packet to an address may reach. IPv4-mapped (RFC 4291, section
   * 2.5.5.2) and NAT64 (RFC 6052) addresses only encode an IPv4 address; 6to4 (RFC 3056), Teredo
   * (RFC 4380) and IPv4-compatible (RFC 4291, section 2.5.5.1) addresses reach one in addition.
   */
  static List<IPAddress> destinations(IPAddress address) {
    if (address.isIPv4()) {
      return List.of(address);
    }
    IPv6Address ipv6 = address.toIPv6();
    if (ipv6.isIPv4Mapped() || ipv6.isWellKnownIPv4Translatable()) {
      return List.of(ipv6.getEmbeddedIPv4Address());
    }
    if (ipv6.is6To4()) {
      return List.of(ipv6, ipv6.get6To4IPv4Address());
    }
    if (ipv6.isTeredo()) {
      return List.of(ipv6, ipv6.getEmbeddedIPv4Address(4), teredoClient(ipv6));
    }
    if (ipv6.isIPv4Compatible() && !ipv6.isLoopback() && !ipv6.isAnyLocal()) {
      return List.of(ipv6, ipv6.getEmbeddedIPv4Address());
    }
    return List.of(ipv6);
  }

  /** RFC 4380, section 4: the address is stored with inverted bits. */
  private static IPv4Address teredoClient(IPv6Address teredo) {
    return new IPv4Address(~teredo.getEmbeddedIPv4Address().intValue());
  }
}
