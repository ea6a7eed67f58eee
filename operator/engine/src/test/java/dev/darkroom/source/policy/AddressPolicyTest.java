package dev.darkroom.source.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

  private static final AddressPolicy DEFAULTS = AddressPolicy.defaults();

  /** Allows as much as possible, so that another rule must refuse the rest. */
  private static final AddressPolicy ALL_IPV6 = DEFAULTS.withAllowed(List.of("::/0"));

  // Refusals by default.

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "0.1.2.3, this network",
    "10.0.0.0, private",
    "10.255.255.255, private",
    "100.64.0.1, carrier-grade NAT",
    "100.100.100.200, a metadata service",
    "100.127.255.255, carrier-grade NAT",
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "168.63.129.16, a host agent",
    "169.254.0.1, link-local",
    "169.254.169.254, the metadata service",
    "172.16.0.1, private",
    "172.31.255.255, private",
    "192.0.0.192, a metadata service",
    "192.0.2.1, documentation",
    "192.88.99.1, 6to4 relay",
    "192.168.0.1, private",
    "192.168.255.255, private",
    "198.18.0.1, benchmarking",
    "198.19.255.255, benchmarking",
    "198.51.100.1, documentation",
    "203.0.113.1, documentation",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "240.0.0.1, reserved",
    "255.255.255.255, broadcast",
    "::, unspecified",
    "::1, loopback",
    "::7f00:1, IPv4-compatible loopback",
    "::808:808, IPv4-compatible",
    "::ffff:0:808:808, IPv4-translated",
    "64:ff9b::a00:1, NAT64 of a private address",
    "64:ff9b::a9fe:a9fe, NAT64 of the metadata service",
    "64:ff9b:1::808:808, NAT64 for local use",
    "100::1, discard",
    "1fff::1, not assigned",
    "2001::1, Teredo",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2, Teredo",
    "2001:2::1, benchmarking",
    "2001:20::1, ORCHID",
    "2001:db8::1, documentation",
    "2002:a00:1::1, 6to4 of a private address",
    "2002:808:808::1, 6to4",
    "3fff::1, documentation",
    "4000::1, not assigned",
    "5f00::1, SRv6",
    "fc00::1, unique local",
    "fd00:ec2::254, a metadata service",
    "fdff:ffff::1, unique local",
    "fe80::1, link-local",
    "febf::1, link-local",
    "fec0::1, site-local",
    "ff02::1, multicast"
  })
  void anAddressThatIsNotPublicIsRefused(String address, String what) throws Exception {
    assertThat(DEFAULTS.allows("host", ip(address))).as(what).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700:4700::1111",
        "3ffe:ffff::1",
        "64:ff9b::808:808"
      })
  void aPublicAddressIsAllowed(String address) throws Exception {
    assertThat(DEFAULTS.allows("host", ip(address))).isTrue();
  }

  @Test
  void everySpecialAddressOfTheJdkIsRefusedAndCanBeAllowed() throws Exception {
    Random random = new Random(3);
    AddressPolicy all = ALL_IPV6.withAllowed(List.of("0.0.0.0/0"));
    int special = 0;
    for (int i = 0; i < 16 * 256; i++) {
      InetAddress address = random(random, i % 2 == 0 ? 4 : 16, i / 16);
      if (address.isAnyLocalAddress()
          || address.isLoopbackAddress()
          || address.isLinkLocalAddress()
          || address.isSiteLocalAddress()
          || address.isMulticastAddress()) {
        special++;
        assertThat(DEFAULTS.allows("host", address)).as("%s", address).isFalse();
      }
      assertThat(all.allows("host", address)).as("%s", address).isTrue();
    }
    assertThat(special).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.2.3",
        "100.64.1.2",
        "127.0.0.1",
        "169.254.169.254",
        "172.20.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0"
      })
  void anIpv6FormOfARefusedIpv4AddressIsRefusedWithAllIpv6Allowed(String ipv4) throws Exception {
    byte[] four = ip(ipv4).getAddress();

    for (Form form : Form.values()) {
      InetAddress form6 = written(form, four);

      assertThat(form6).isInstanceOf(Inet6Address.class);
      assertThat(DEFAULTS.allows("host", form6)).as("%s %s", form, form6).isFalse();
      if (form != Form.COMPATIBLE || !ipv4.equals("0.0.0.0")) {
        assertThat(ALL_IPV6.allows("host", form6)).as("%s %s", form, form6).isFalse();
      }
    }
  }

  @Test
  void mappedAndNat64FormsFollowTheirIpv4Address() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < 2048; i++) {
      InetAddress ipv4 = random(random, 4, i / 8);
      boolean allowed = DEFAULTS.allows("host", ipv4);

      for (Form form : List.of(Form.MAPPED, Form.NAT64)) {
        assertThat(DEFAULTS.allows("host", written(form, ipv4.getAddress())))
            .as("%s of %s", form, ipv4)
            .isEqualTo(allowed);
      }
    }
  }

  @Test
  void aZoneMakesNoDifference() throws Exception {
    InetAddress zoned = Inet6Address.getByAddress(null, ip("fe80::1").getAddress(), 1);

    assertThat(DEFAULTS.allows("host", zoned)).isFalse();
    assertThat(DEFAULTS.withAllowed(List.of("fe80::/10")).allows("host", zoned)).isTrue();
  }

  // Options of administrators.

  @Test
  void onlyTheAllowedRangeIsAllowed() throws Exception {
    AddressPolicy policy =
        DEFAULTS.withAllowed(List.of("10.20.0.0/16", "fd00:1::/32", "127.0.0.1"));

    assertThat(allowed(policy, "10.20.0.0", "10.20.255.255", "fd00:1::1", "127.0.0.1"))
        .containsOnly(true);
    assertThat(allowed(policy, "10.19.255.255", "10.21.0.0", "fd00:2::1", "127.0.0.2", "::1"))
        .containsOnly(false);
    assertThat(allowed(policy, "8.8.8.8")).as("public ones still").containsOnly(true);
  }

  @Test
  void anAllowedIpv4RangeIsAllowedThroughNat64() throws Exception {
    AddressPolicy policy = DEFAULTS.withAllowed(List.of("10.20.0.0/16"));

    assertThat(allowed(policy, "64:ff9b::a14:1")).containsOnly(true);
    assertThat(allowed(policy, "64:ff9b::a15:1")).containsOnly(false);
  }

  @Test
  void everythingCanBeAllowed() throws Exception {
    AddressPolicy policy = DEFAULTS.withAllowed(List.of("0.0.0.0/0", "::/0"));

    assertThat(allowed(policy, "127.0.0.1", "10.0.0.1", "::1", "fe80::1", "2002:a00:1::1"))
        .containsOnly(true);
  }

  @Test
  void loopbackCanBeAllowedAlone() throws Exception {
    AddressPolicy policy = DEFAULTS.withLoopbackAllowed();

    assertThat(allowed(policy, "127.0.0.1", "127.1.2.3", "::1")).containsOnly(true);
    assertThat(allowed(policy, "0.0.0.0", "::", "10.0.0.1", "::2")).containsOnly(false);
  }

  @Test
  void anAllowedHostIsAllowedAtAnyAddress() throws Exception {
    AddressPolicy policy = DEFAULTS.withAllowed(List.of("Mirror.Example.org"));

    for (String host : List.of("mirror.example.org", "MIRROR.example.ORG", "mirror.example.org.")) {
      assertThat(policy.allows(host, ip("10.0.0.1"))).as(host).isTrue();
      assertThat(policy.allows(host, ip("127.0.0.1"))).as(host).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "a.mirror.example.org", "mirrorxexample.org", "mirror", "10.0.0.1"})
  void anAllowedHostAllowsNoOtherHost(String other) throws Exception {
    AddressPolicy policy = DEFAULTS.withAllowed(List.of("mirror.example.org"));

    assertThat(policy.allows(other, ip("10.0.0.1"))).isFalse();
  }

  @Test
  void aDeniedRangeIsRefusedEvenIfPublicOrAllowed() throws Exception {
    AddressPolicy policy =
        DEFAULTS
            .withAllowed(List.of("10.0.0.0/8", "10.96.1.1", "api.example.org"))
            .withDenied(List.of("10.96.0.0/12", "34.1.0.0/16", "2600:1::/32", "64:ff9b::/96"));

    assertThat(allowed(policy, "10.95.0.1", "34.2.0.1", "2600:2::1")).containsOnly(true);
    assertThat(allowed(policy, "10.96.1.1", "10.111.0.1", "34.1.2.3", "2600:1::1"))
        .containsOnly(false);
    assertThat(allowed(policy, "64:ff9b::808:808")).as("written so").containsOnly(false);
    assertThat(policy.allows("api.example.org", ip("10.96.1.1"))).as("by name").isTrue();
  }

  @Test
  void anIpv6FormOfADeniedIpv4AddressIsRefused() throws Exception {
    AddressPolicy policy =
        DEFAULTS.withAllowed(List.of("::/0", "0.0.0.0/0")).withDenied(List.of("34.1.0.0/16"));

    for (Form form : Form.values()) {
      assertThat(policy.allows("host", written(form, ip("34.1.2.3").getAddress()))).isFalse();
      assertThat(policy.allows("host", written(form, ip("34.2.2.3").getAddress()))).isTrue();
    }
  }

  @Test
  void aPolicyIsImmutable() throws Exception {
    DEFAULTS.withLoopbackAllowed().withDenied(List.of("8.8.8.8")).withPorts(List.of("1"));

    assertThat(allowed(DEFAULTS, "127.0.0.1")).containsOnly(false);
    assertThat(allowed(DEFAULTS, "8.8.8.8")).containsOnly(true);
    assertThat(DEFAULTS.allowsPort(1)).isFalse();
  }

  // Ports.

  @Test
  void theDefaultPortsAreWebPortsAndPortsFrom1024() {
    assertThat(IntStream.of(80, 443, 1024, 8080, 8443, 65535)).allMatch(DEFAULTS::allowsPort);
    assertThat(IntStream.of(1, 22, 25, 79, 81, 442, 444, 636, 1023))
        .noneMatch(DEFAULTS::allowsPort);
  }

  @Test
  void portsCanBeChosen() {
    AddressPolicy policy = DEFAULTS.withPorts(List.of("443", "8000-8002"));

    assertThat(IntStream.rangeClosed(1, 65535).filter(policy::allowsPort))
        .containsExactly(443, 8000, 8001, 8002);
  }

  // Invalid options.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/8 | 10.0.0.1/8 has bits beyond its prefix; the range that it is in is 10.0.0.0/8",
        "fd00::1/8 | fd00::1/8 has bits beyond its prefix; the range that it is in is fd00::/8",
        "10.0.0.0/33 | 10.0.0.0/33 is not an IP address or CIDR range",
        "10.0.0/8 | 10.0.0/8 is not an IP address or CIDR range",
        "10.0.0 | 10.0.0 is not an IP address or CIDR range",
        "10 | 10 is not an IP address or CIDR range",
        "010.0.0.0/8 | 010.0.0.0/8 is not an IP address or CIDR range",
        "/8 | /8 is not an IP address or CIDR range",
        "0x7f.1 | 0x7f.1 is neither",
        "10.0.0.0/255.0.0.0 | 10.0.0.0/255.0.0.0 is not an IP address or CIDR range",
        "10.*.*.* | 10.*.*.* is neither",
        "10.0.0.1-9 | 10.0.0.1-9 is neither",
        "* | * is neither",
        "'' | is neither",
        "fe80::1%eth0 | fe80::1%eth0 is neither",
        "::ffff:10.0.0.0/104 | ::ffff:10.0.0.0/104 is an IPv4 address in an IPv6 form",
        "*.example.org | *.example.org is neither",
        "https://example.org | https://example.org is neither",
        "example.org:443 | example.org:443 is neither",
        "example..org | example..org is neither",
        "-example.org | -example.org is neither",
        "exa mple.org | exa mple.org is neither",
      })
  void anEntryThatIsNeitherRangeNorHostIsNamed(String entry, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withAllowed(List.of(entry)))
        .withMessageContaining(sentence);
  }

  @Test
  void namesOfHostsCanNotBeDenied() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withDenied(List.of("example.org")))
        .withMessageContaining("example.org is not an IP address or CIDR range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "65536", "99999", "100000", "-1", "1-", "9-8", "http", "1-2-3"})
  void anInvalidPortIsNamed(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withPorts(List.of(port)))
        .withMessageContaining(port)
        .withMessageContaining("not");
  }

  @Test
  void anEmptyListOfPortsIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withPorts(List.of()));
  }

  @Test
  void theTextDescribesThePolicy() {
    assertThat(DEFAULTS).hasToString("public addresses, on ports 80,443,1024-65535");
    assertThat(
            DEFAULTS
                .withAllowed(List.of("10.0.0.0/8", "mirror.lan"))
                .withDenied(List.of("10.96.0.0/12"))
                .withPorts(List.of("443")))
        .hasToString(
            "public addresses and mirror.lan, 10.0.0.0/8, but not 10.96.0.0/12, on ports 443");
  }

  /** Ways to write an IPv4 address as an IPv6 one. Any other address in it is 8.8.8.8. */
  private enum Form {
    MAPPED("00000000000000000000ffff00000000", 12),
    COMPATIBLE("00000000000000000000000000000000", 12),
    NAT64("0064ff9b000000000000000000000000", 12),
    SIX_TO_FOUR("20020000000000000000000000000001", 2),
    TEREDO_SERVER("200100000000000080000000f7f7f7f7", 4),
    TEREDO_CLIENT("2001000008080808800000ff00000000", 12);

    private final String template;
    private final int at;

    Form(String template, int at) {
      this.template = template;
      this.at = at;
    }
  }

  private static InetAddress written(Form form, byte[] ipv4) throws UnknownHostException {
    byte[] bytes = HexFormat.of().parseHex(form.template);
    int flip = form == Form.TEREDO_CLIENT ? 0xff : 0;
    for (int i = 0; i < ipv4.length; i++) {
      bytes[form.at + i] = (byte) (ipv4[i] ^ flip);
    }
    // Unlike InetAddress, this keeps IPv4-mapped addresses.
    return Inet6Address.getByAddress(null, bytes, -1);
  }

  private static List<Boolean> allowed(AddressPolicy policy, String... addresses) throws Exception {
    boolean[] allowed = new boolean[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      allowed[i] = policy.allows("host", ip(addresses[i]));
    }
    return IntStream.range(0, allowed.length).mapToObj(i -> allowed[i]).toList();
  }

  private static InetAddress random(Random random, int length, int firstByte)
      throws UnknownHostException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = (byte) firstByte;
    return InetAddress.getByAddress(bytes);
  }

  private static InetAddress ip(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }
}
