package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertCloseEndsABlockedRead;
import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.TestTls;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSourceTlsTest {

  private static final String PATH = "/image.qcow2";
  private static final AddressPolicy LOOPBACK = AddressPolicy.defaults().withLoopbackAllowed();
  private static FaultyServer server;
  private static WebClient client;
  private static CaBundle bundle;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    SSLContext tls = TestTls.create(directory);
    bundle = CaBundle.parse("# ours\n" + pem(directory.resolve("key.p12")));
    server = FaultyServer.startTls(tls);
    client = new WebClient(WebLimits.defaults(), LOOPBACK, tls);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    client.close();
  }

  @Test
  void theBodyComesWhole() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 1000000").body(new byte[1_000_000]));

    try (SourceBody body = new WebSource(server.url(PATH), client).open()) {
      assertThat(readAll(body)).hasSize(1_000_000);
    }
  }

  @Test
  void aBodyLongerThanAnnouncedIsOverlong() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").body(new byte[11]));

    try (SourceBody body = new WebSource(server.url(PATH), client).open()) {
      assertFails(Kind.OVERLONG, () -> readAll(body));
    }
  }

  @Test
  void aBodyShorterThanAnnouncedIsTruncated() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").body(new byte[9]));

    try (SourceBody body = new WebSource(server.url(PATH), client).open()) {
      assertFails(Kind.TRUNCATED, () -> readAll(body));
    }
  }

  @Test
  void anUntrustedAuthorityIsReported() throws Exception {
    try (WebClient distrustful = new WebClient(WebLimits.defaults(), LOOPBACK)) {
      SourceException e =
          assertFails(Kind.UNAVAILABLE, () -> new WebSource(server.url(PATH), distrustful).open());

      assertThat(e).hasMessageContaining("not signed by a trusted authority");
    }
  }

  @Test
  void aCertificateOfAnotherHostIsReported() {
    String url = server.url(PATH).replace("127.0.0.1", "localhost");

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> new WebSource(url, client).open());

    assertThat(e)
        .hasMessageContaining("localhost")
        .hasMessageContaining("certificate is not accepted");
  }

  @Test
  void aServerWithoutTlsIsReported() throws Exception {
    try (FaultyServer plain = FaultyServer.start()) {
      String url = plain.url(PATH).replace("http:", "https:");

      SourceException e = assertFails(Kind.UNAVAILABLE, () -> new WebSource(url, client).open());

      assertThat(e).hasMessageContaining("no TLS connection to");
    }
  }

  @Test
  void aRedirectToPlainHttpIsRefused() {
    server.on("/down", e -> e.head(302, "Location: http://127.0.0.1/x?geheim"));

    SourceException e =
        assertFails(Kind.REDIRECT_REFUSED, () -> new WebSource(server.url("/down"), client).open());

    assertThat(e).hasMessageContaining("from https to http");
    assertThat(e.getMessage()).doesNotContain("geheim");
  }

  @Test
  void aRedirectToTlsIsFollowed() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));
    try (FaultyServer plain = FaultyServer.start()) {
      plain.on("/up", e -> e.head(302, "Location: " + server.url(PATH)));

      try (SourceBody body = new WebSource(plain.url("/up"), client).open()) {
        assertThat(body.head().location()).isEqualTo(server.url(PATH));
      }
    }
  }

  @Test
  void closeEndsABlockedRead() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").stall());
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      assertCloseEndsABlockedRead(new WebSource(server.url(PATH), client).open(), threads);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aBundleAddsAuthoritiesForItsSourceOnly() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));
    WebOptions options = new WebOptions(WebCredentials.none(), Optional.of(bundle));

    try (WebClient system = new WebClient(WebLimits.defaults(), LOOPBACK)) {
      new WebSource(server.url(PATH), system, options).open().close();
      assertFails(Kind.UNAVAILABLE, () -> new WebSource(server.url(PATH), system).open());
    }
  }

  @Test
  void aProxyTunnelsToTheServer() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 3").raw("abc"));
    int port = URI.create(server.url("")).getPort();
    WebOptions options = new WebOptions(WebCredentials.bearer("geheim"), Optional.of(bundle));

    try (FaultyServer proxy = FaultyServer.start();
        WebClient proxied =
            new WebClient(
                WebLimits.defaults(),
                AddressPolicy.defaults(),
                WebProxies.of(Map.of("HTTPS_PROXY", proxy.url(""))))) {
      String authority = TestTls.NAME + ":" + port;
      proxy.on(authority, e -> e.tunnel(port));

      try (SourceBody body =
          new WebSource("https://" + authority + PATH, proxied, options).open()) {
        assertThat(readAll(body)).hasSize(3);
      }
      assertThat(proxy.requests()).hasSize(1).noneMatch(head -> head.contains("geheim"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"
      })
  void aBundleWithoutCertificatesIsRefused(String pem) {
    assertThatIllegalArgumentException().isThrownBy(() -> CaBundle.parse(pem));
  }

  private static String pem(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(store.getCertificate("server").getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
