package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.policy.HostLookup;
import dev.darkroom.testing.FaultyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address policy: refused addresses are not even connected to. */
class WebSourceBlockedTest {

  private static final AddressPolicy DEFAULTS = AddressPolicy.defaults();

  /** Allows the address of the web server, and not that of the forbidden server. */
  private static final AddressPolicy WEB_SERVER = DEFAULTS.withAllowed(List.of("127.0.0.1"));

  private final Names names = new Names();
  private FaultyServer server;
  private Forbidden forbidden;

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
    server.on("/image", e -> e.head(200, "Content-Length: 5").raw("bytes"));
    forbidden = new Forbidden("127.0.0.2");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    forbidden.close();
  }

  // Addresses in URLs.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.2",
        "127.0.0.1",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.2]",
        "[::ffff:7f00:2]",
        "[::127.0.0.2]",
        "[64:ff9b::7f00:2]",
        "[2002:7f00:2::]",
        "169.254.169.254",
        "10.0.0.1",
        "[fd00:ec2::254]"
      })
  void anAddressThatIsNotPublicIsNotConnectedTo(String host) throws Exception {
    try (Forbidden everywhere = new Forbidden(new InetSocketAddress(0))) {
      String url = "http://" + host + ":" + everywhere.port() + "/image";

      SourceException e = assertFails(Kind.BLOCKED, () -> open(url, DEFAULTS, HostLookup.SYSTEM));

      assertThat(e)
          .hasMessage(
              "the address policy refuses "
                  + host.replaceAll("[\\[\\]]", "")
                  + ": unless the administrator says otherwise (--allow-sources, --deny-sources),"
                  + " only public addresses may be sources");
      everywhere.assertUntouched();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.2",
        "127.0.2",
        "2130706434",
        "0x7f000002",
        "0x7F.0.0.2",
        "0x7f.2",
        "017700000002",
        "0177.0.0.2",
        "0177.2",
        "127.0.0.02",
        "127.0.0.0x2",
        "127.0.0.2.",
        "2130706434.",
        "127.0.0.256",
        "127.0.0.2.1",
        "foo.2",
        "[::ffff:127.0.0.2%lo]",
        "[::1%1]",
        "１２７.0.0.2",
        "127。0。0。2",
        "%31%32%37.0.0.2",
      })
  void anAddressInAnUnusualFormIsInvalid(String host) throws Exception {
    String url = "http://" + host + ":" + forbidden.port() + "/image";

    assertFails(Kind.INVALID, () -> open(url, DEFAULTS, HostLookup.SYSTEM));

    forbidden.assertUntouched();
    assertFails(Kind.INVALID, () -> new WebSource(url, client(DEFAULTS.withLoopbackAllowed())));
  }

  @Test
  void theMessageIsTheSameWithAndWithoutAServer() throws Exception {
    int closed;
    try (Forbidden gone = new Forbidden("127.0.0.2")) {
      closed = gone.port();
    }

    SourceException something =
        assertFails(Kind.BLOCKED, () -> open(forbidden.url(), DEFAULTS, HostLookup.SYSTEM));
    SourceException nothing =
        assertFails(
            Kind.BLOCKED,
            () -> open("http://127.0.0.2:" + closed + "/", DEFAULTS, HostLookup.SYSTEM));

    assertThat(something).hasMessage(nothing.getMessage());
    assertThat(something).as("a cause could reveal the address").hasNoCause();
  }

  @Test
  void anAllowedAddressIsConnectedTo() throws Exception {
    assertThat(open(server.url("/image"), WEB_SERVER, HostLookup.SYSTEM)).isEqualTo("bytes");
  }

  // Names.

  @Test
  void aNameOfARefusedAddressIsBlockedWithoutNamingTheAddress() throws Exception {
    names.answer("images.example.org", "127.0.0.2");

    SourceException e =
        assertFails(
            Kind.BLOCKED, () -> open(forbidden.url("images.example.org"), WEB_SERVER, names));

    assertThat(e).hasMessageContaining("refuses images.example.org:");
    assertThat(e.getMessage()).doesNotContain("127.0.0");
    forbidden.assertUntouched();
  }

  @Test
  void aNameWithOneRefusedAddressIsRefused() throws Exception {
    int port = URI.create(server.url("/image")).getPort();
    names.answer("first.example.org", "127.0.0.1", "127.0.0.2");
    names.answer("second.example.org", "127.0.0.2", "127.0.0.1");

    for (String host : List.of("first.example.org", "second.example.org")) {
      assertFails(
          Kind.BLOCKED, () -> open("http://" + host + ":" + port + "/image", WEB_SERVER, names));
    }

    assertThat(server.requests()).isEmpty();
    forbidden.assertUntouched();
  }

  @Test
  void theConnectionGoesToTheCheckedAddress() throws Exception {
    try (Forbidden rebound =
        new Forbidden(
            new InetSocketAddress("127.0.0.2", URI.create(server.url("/image")).getPort()))) {
      names.answer("rebind.example.org", "127.0.0.1");
      names.answer("rebind.example.org", "127.0.0.2");
      String url = rebound.url("rebind.example.org");

      assertThat(open(url, WEB_SERVER, names)).isEqualTo("bytes");

      assertThat(names.asked).as("once").containsExactly("rebind.example.org");
      rebound.assertUntouched();
    }
  }

  @Test
  void aNameIsCheckedForEachConnection() throws Exception {
    int port = URI.create(server.url("/image")).getPort();
    server.on("/again", e -> e.head(302, "Location: /image"));
    names.answer("rebind.example.org", "127.0.0.1");
    names.answer("rebind.example.org", "127.0.0.2");
    String url = "http://rebind.example.org:" + port + "/again";

    SourceException e = assertFails(Kind.BLOCKED, () -> open(url, WEB_SERVER, names));

    assertThat(e).hasMessageContaining("redirects on").hasMessageContaining("rebind.example.org");
    assertThat(server.requests()).hasSize(1);
    forbidden.assertUntouched();
  }

  @Test
  void theNextAllowedAddressIsTried() throws Exception {
    int port = URI.create(server.url("/image")).getPort();
    names.answer("two.example.org", "127.0.0.3", "127.0.0.1");
    AddressPolicy policy = WEB_SERVER.withAllowed(List.of("127.0.0.3"));

    assertThat(open("http://two.example.org:" + port + "/image", policy, names)).isEqualTo("bytes");
  }

  @Test
  void aNameWithoutAnAddressIsUnavailableAndNotBlocked() {
    names.answer("empty.example.org");

    for (String host : List.of("empty.example.org", "unknown.example.org")) {
      SourceException e =
          assertFails(Kind.UNAVAILABLE, () -> open("http://" + host + "/", DEFAULTS, names));
      assertThat(e).hasMessage("host " + host + " can't be resolved");
    }
  }

  @Test
  void anAllowedHostIsConnectedToAtAnyAddress() throws Exception {
    int port = URI.create(server.url("/image")).getPort();
    AddressPolicy policy = DEFAULTS.withAllowed(List.of("mirror.lan"));
    for (String host : List.of("mirror.lan", "other.lan", "a.mirror.lan")) {
      names.answer(host, "127.0.0.1");
    }

    assertThat(open("http://Mirror.lan:" + port + "/image", policy, names)).isEqualTo("bytes");
    for (String host : List.of("other.lan", "a.mirror.lan", "127.0.0.1")) {
      assertFails(
          Kind.BLOCKED, () -> open("http://" + host + ":" + port + "/image", policy, names));
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aDeniedAddressIsNotConnectedTo() throws Exception {
    AddressPolicy policy = DEFAULTS.withLoopbackAllowed().withDenied(List.of("127.0.0.2"));

    assertFails(Kind.BLOCKED, () -> open(forbidden.url(), policy, HostLookup.SYSTEM));

    forbidden.assertUntouched();
    assertThat(open(server.url("/image"), policy, HostLookup.SYSTEM)).isEqualTo("bytes");
  }

  // Ports.

  @Test
  void aPortThatIsNotAllowedIsNotConnectedTo() throws Exception {
    AddressPolicy policy = DEFAULTS.withLoopbackAllowed().withPorts(List.of("80", "443"));

    SourceException e =
        assertFails(Kind.BLOCKED, () -> open(forbidden.url(), policy, HostLookup.SYSTEM));

    assertThat(e)
        .hasMessage(
            "the address policy refuses port "
                + forbidden.port()
                + " of 127.0.0.2: sources may be on ports 80,443 (--source-ports)");
    forbidden.assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://images.example.org/", "https://images.example.org/"})
  void aMissingPortIsTheDefaultOfTheScheme(String url) {
    AddressPolicy neither = DEFAULTS.withPorts(List.of("8080"));

    SourceException e = assertFails(Kind.BLOCKED, () -> open(url, neither, names));

    assertThat(e).hasMessageContaining(url.startsWith("https") ? "port 443 of" : "port 80 of");
    assertThat(names.asked).isEmpty();
  }

  // Redirects.

  @Test
  void aRedirectToARefusedAddressIsNotFollowed() throws Exception {
    server.on("/latest", e -> e.head(302, "Location: " + forbidden.url() + "?sig=geheim"));

    SourceException e =
        assertFails(Kind.BLOCKED, () -> open(server.url("/latest"), WEB_SERVER, HostLookup.SYSTEM));

    assertThat(e)
        .hasMessageStartingWith(
            server.url("/latest")
                + " redirects on, but the address policy refuses 127.0.0.2: unless");
    assertThat(e.getMessage()).doesNotContain("geheim");
    forbidden.assertUntouched();
  }

  @Test
  void aRedirectOverSeveralHopsToTheNameOfARefusedAddressIsNotFollowed() throws Exception {
    names.answer("127.0.0.1", "127.0.0.1");
    names.answer("127.0.0.1", "127.0.0.1");
    names.answer("metadata.internal", "127.0.0.2");
    server.on("/latest", e -> e.head(301, "Location: /next"));
    server.on("/next", e -> e.head(307, "Location: " + forbidden.url("metadata.internal")));

    SourceException e =
        assertFails(Kind.BLOCKED, () -> open(server.url("/latest"), WEB_SERVER, names));

    assertThat(e).hasMessageContaining("refuses metadata.internal");
    assertThat(server.requests()).hasSize(2);
    forbidden.assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2130706434", "0x7f.2", "0177.0.0.2", "127.2"})
  void aRedirectToAnAddressInAnUnusualFormIsRefused(String host) throws Exception {
    String location = "http://" + host + ":" + forbidden.port() + "/";
    server.on("/latest", e -> e.head(302, "Location: " + location));

    assertFails(
        Kind.REDIRECT_REFUSED,
        () -> open(server.url("/latest"), DEFAULTS.withLoopbackAllowed(), HostLookup.SYSTEM));

    forbidden.assertUntouched();
  }

  @Test
  void aRedirectToAPortThatIsNotAllowedIsNotFollowed() {
    server.on("/latest", e -> e.head(302, "Location: http://127.0.0.1:22/"));

    SourceException e =
        assertFails(Kind.BLOCKED, () -> open(server.url("/latest"), WEB_SERVER, HostLookup.SYSTEM));

    assertThat(e).hasMessageContaining("refuses port 22 of 127.0.0.1");
  }

  // Proxies, which would make the connections.

  @Test
  void theSystemsProxiesAreNotUsed() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    List<URI> asked = new CopyOnWriteArrayList<>();
    ProxySelector.setDefault(new Recording(asked, forbidden.address()));
    try {
      assertThat(open(server.url("/image"), WEB_SERVER, HostLookup.SYSTEM)).isEqualTo("bytes");
    } finally {
      ProxySelector.setDefault(before);
    }

    assertThat(asked).isEmpty();
    forbidden.assertUntouched();
  }

  private String open(String url, AddressPolicy policy, HostLookup lookup) throws Exception {
    try (WebClient client =
            new WebClient(WebLimits.defaults(), policy, SSLContext.getDefault(), lookup);
        SourceBody body = new WebSource(url, client).open()) {
      return new String(readAll(body), UTF_8);
    }
  }

  private static WebClient client(AddressPolicy policy) {
    return new WebClient(WebLimits.defaults(), policy);
  }

  /** A name server with changing answers: each is given once, the last one forever. */
  private static final class Names implements HostLookup {

    private final Map<String, Queue<List<InetAddress>>> answers = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    void answer(String host, String... addresses) {
      answers
          .computeIfAbsent(host, h -> new ArrayDeque<>())
          .add(Arrays.stream(addresses).map(Names::literal).toList());
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
      asked.add(host);
      String lower = host.toLowerCase(Locale.ROOT);
      if (WebAddress.isNumeric(lower)) {
        return List.of(literal(lower));
      }
      Queue<List<InetAddress>> left = answers.get(lower);
      if (left == null) {
        throw new UnknownHostException(host);
      }
      return left.size() > 1 ? left.remove() : left.element();
    }

    private static InetAddress literal(String address) {
      return new InetSocketAddress(address, 0).getAddress();
    }
  }

  /** A server that must not be connected to. */
  private static final class Forbidden implements AutoCloseable {

    private final ServerSocketChannel channel;

    Forbidden(String address) throws IOException {
      this(new InetSocketAddress(address, 0));
    }

    Forbidden(InetSocketAddress address) throws IOException {
      channel = ServerSocketChannel.open().bind(address);
      channel.configureBlocking(false);
    }

    InetSocketAddress address() throws IOException {
      return (InetSocketAddress) channel.getLocalAddress();
    }

    int port() throws IOException {
      return address().getPort();
    }

    String url() throws IOException {
      return url("127.0.0.2");
    }

    String url(String host) throws IOException {
      return "http://" + host + ":" + port() + "/image";
    }

    /** The kernel accepts connections itself, so a connection would be pending here. */
    void assertUntouched() throws IOException {
      try (SocketChannel connection = channel.accept()) {
        assertThat(connection).as("a connection").isNull();
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Sends everything through one SOCKS proxy. */
  private static final class Recording extends ProxySelector {

    private final List<URI> asked;
    private final InetSocketAddress proxy;

    Recording(List<URI> asked, InetSocketAddress proxy) {
      this.asked = asked;
      this.proxy = proxy;
    }

    @Override
    public List<Proxy> select(URI uri) {
      asked.add(uri);
      return List.of(new Proxy(Proxy.Type.SOCKS, proxy));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      throw new AssertionError("the proxy was used", e);
    }
  }
}
