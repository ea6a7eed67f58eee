package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebProxiesTest {

  private static final String NAME = "images.example.org";

  private FaultyServer proxy;
  private WebClient client;

  @BeforeEach
  void start() throws IOException {
    proxy = FaultyServer.start();
    client = client(Map.of("HTTP_PROXY", proxy.url(""), "https_proxy", proxy.url("/")));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    client.close();
  }

  @Test
  void aPlainUrlGoesToTheProxyWhichResolvesTheName() throws Exception {
    proxy.on("http://" + NAME + "/disk", new FaultyServerFile(new byte[100], "\"v1\""));

    try (SourceBody body = source("http://" + NAME + "/disk").open()) {
      assertThat(readAll(body)).hasSize(100);
    }
    try (SourceBody body =
        source("http://" + NAME + "/disk").open(new ByteRange(5, 10), Optional.of("\"v1\""))) {
      assertThat(readAll(body)).hasSize(10);
    }

    assertThat(proxy.requests().get(0))
        .startsWith("GET http://" + NAME + "/disk HTTP/1.1\r\n")
        .contains("Host: " + NAME + "\r\n");
  }

  @Test
  void aSecureUrlGoesThroughATunnelWithoutSecrets() {
    proxy.on(NAME + ":443", e -> e.head(403, "Content-Length: 0"));

    SourceException e =
        assertFails(
            Kind.UNAVAILABLE,
            () ->
                new WebSource(
                        "https://" + NAME + "/disk?geheim",
                        client,
                        WebOptions.none().with(WebCredentials.bearer("geheim")))
                    .open());

    assertThat(e).hasMessageContaining("the proxy 127.0.0.1").hasMessageContaining("403");
    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT " + NAME + ":443 HTTP/1.1\r\n")
        .doesNotContain("geheim");
  }

  @Test
  void aRedirectInPlaceOfATunnelIsNotFollowed() {
    proxy.on(NAME + ":443", e -> e.head(302, "Location: https://elsewhere/", "Content-Length: 0"));

    assertFails(Kind.UNAVAILABLE, () -> source("https://" + NAME + "/disk").open());

    assertThat(proxy.requests()).hasSize(1);
  }

  @Test
  void onlyTheProxyGetsItsPassword() throws Exception {
    proxy.on(
        "http://" + NAME + "/disk",
        e -> {
          if (e.header("Proxy-Authorization").isEmpty()) {
            e.head(407, "Proxy-Authenticate: Basic realm=\"x\"", "Content-Length: 0");
          } else {
            e.head(200, "Content-Length: 0");
          }
        });
    String url = proxy.url("").replace("://", "://user:ge%40heim@");

    try (WebClient known = client(Map.of("HTTP_PROXY", url))) {
      new WebSource("http://" + NAME + "/disk", known).open().close();
    }

    assertThat(proxy.requests()).hasSize(2);
    assertThat(proxy.requests().get(1)).contains("Proxy-Authorization: Basic dXNlcjpnZUBoZWlt\r\n");
    assertFails(Kind.UNAVAILABLE, () -> source("http://" + NAME + "/disk").open());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://10.0.0.1/x", "https://[fd00::1]/x", "http://169.254.169.254/x"})
  void aLiteralAddressIsCheckedByThePolicy(String url) {
    assertFails(Kind.BLOCKED, () -> source(url).open());

    assertThat(proxy.requests()).isEmpty();
  }

  @Test
  void aPortIsCheckedByThePolicy() {
    assertFails(Kind.BLOCKED, () -> source("http://" + NAME + ":22/x").open());
  }

  @Test
  void anUnreachableProxyIsNamed() throws Exception {
    proxy.close();

    assertThat(assertFails(Kind.UNAVAILABLE, () -> source("http://" + NAME + "/x").open()))
        .hasMessageStartingWith("the proxy 127.0.0.1:")
        .hasMessageEndingWith(" refused the connection");
  }

  @Test
  void anExceptedServerIsRequestedDirectly() throws Exception {
    try (FaultyServer server = FaultyServer.start()) {
      server.on("/disk", e -> e.head(200, "Content-Length: 0"));
      AddressPolicy policy = AddressPolicy.defaults().withLoopbackAllowed();
      try (WebClient open =
          new WebClient(
              WebLimits.defaults(), policy, WebProxies.of(Map.of("HTTP_PROXY", proxy.url(""))))) {
        new WebSource(server.url("/disk"), open).open().close();
      }
    }
    assertThat(proxy.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*, http://a.example.org/, false",
    "example.org, http://example.org/, false",
    "example.org, http://A.Example.org/, false",
    "example.org, http://badexample.org/, true",
    ".example.org, http://a.example.org/, false",
    ".example.org, http://example.org/, true",
    "*.example.org, http://a.example.org/, false",
    "example.org:8080, http://example.org:8080/, false",
    "example.org:8080, http://example.org/, true",
    "10.0.0.0/8, http://10.1.2.3/, false",
    "10.0.0.0/8, http://11.1.2.3/, true",
    "10.0.0.1, http://10.0.0.1/, false",
    "10.0.0.1:80, http://10.0.0.1:81/, true",
    "fd00::/8, http://[fd00::1]/, false",
    "' x.org , example.org,, ', http://example.org/, false",
    "'', http://localhost/, false",
    "'', http://127.0.0.1/, false",
    "'', http://[::1]/, false",
    "'', http://example.org/, true",
    "'', https://example.org/, false",
  })
  void noProxyHasTheUsualRules(String noProxy, String url, boolean proxied) {
    WebProxies proxies = WebProxies.of(Map.of("HTTP_PROXY", "proxy:3128", "no_proxy", noProxy));

    assertThat(proxies.forTarget(new WebAddress(URI.create(url))).isPresent()).isEqualTo(proxied);
  }

  @Test
  void upperCaseTakesPrecedence() {
    WebProxies proxies = WebProxies.of(Map.of("HTTP_PROXY", "big:1", "http_proxy", "small:1"));

    assertThat(proxies).hasToString("proxies: http big:1, https none");
    assertThat(WebProxies.of(Map.of("HTTP_PROXY", " "))).hasToString("no proxies");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://u:geheim@p:1", "socks5://u:geheim@p:1", "http://u:geheim@p p", "http://"})
  void anInvalidProxyIsReportedWithoutItsPassword(String proxy) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebProxies.of(Map.of("HTTPS_PROXY", proxy)))
        .withMessageContaining("HTTPS_PROXY")
        .withMessageNotContaining("geheim");
    assertThat(WebProxies.of(Map.of("HTTPS_PROXY", "http://u:geheim@p:1")).toString())
        .doesNotContain("geheim");
  }

  private Source source(String url) throws SourceException {
    return new WebSource(url, client);
  }

  /** Nothing but public addresses may be sources; the proxy is on none. */
  private static WebClient client(Map<String, String> environment) {
    return new WebClient(
        WebLimits.defaults(),
        AddressPolicy.defaults().withAllowed(List.of()),
        WebProxies.of(environment));
  }
}
