package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.testing.FaultyServer;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebCredentialsTest {

  private static final String PATH = "/disk";

  private final WebClient client =
      new WebClient(
          WebLimits.defaults(),
          AddressPolicy.defaults()
              .withLoopbackAllowed()
              .withAllowed(java.util.List.of("localhost")));
  private FaultyServer server;
  private FaultyServer other;

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
    other = FaultyServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    other.close();
    client.close();
  }

  @Test
  void aUserNameAndPasswordAreSent() throws Exception {
    String expected = "Basic " + Base64.getEncoder().encodeToString("jörg:ge:heim".getBytes(UTF_8));
    server.on(
        PATH,
        e -> {
          if (e.header("Authorization").equals(Optional.of(expected))) {
            e.head(200, "Content-Length: 2").raw("ok");
          } else {
            e.head(401, "WWW-Authenticate: Basic realm=x", "Content-Length: 0");
          }
        });

    try (SourceBody body = source(WebCredentials.basic("jörg", "ge:heim")).open()) {
      assertThat(readAll(body)).hasSize(2);
    }
    assertFails(Kind.FORBIDDEN, () -> source(WebCredentials.basic("jörg", "falsch")).open());
    assertFails(Kind.FORBIDDEN, () -> source(WebCredentials.none()).open());
    assertThat(server.requests()).as("no retry").hasSize(3);
  }

  @Test
  void tokensAndHeadersAreSentWithRangesToo() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));

    source(WebCredentials.bearer("geheim.abc-_~+/==")).open().close();
    source(WebCredentials.headers(Map.of("X-Api-Key", "geheim 1", "Cookie", "a=b")))
        .open(new ByteRange(0, 5), Optional.empty())
        .close();

    assertThat(server.requests().get(0).lines())
        .contains("Authorization: Bearer geheim.abc-_~+/==");
    assertThat(server.requests().get(1).lines())
        .contains("x-api-key: geheim 1", "cookie: a=b", "Range: bytes=0-4");
  }

  @Test
  void aRedirectWithinTheServerKeepsCredentials() throws Exception {
    server.on("/latest", e -> e.head(302, "Location: " + PATH, "Content-Length: 0"));
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));

    new WebSource(server.url("/latest"), client, secret()).open().close();

    assertThat(server.requests()).hasSize(2).allMatch(head -> head.contains("Bearer geheim"));
  }

  @Test
  void aRedirectToAnotherPortOrHostDropsCredentials() throws Exception {
    String back = server.url(PATH);
    String sameByAnotherName = server.url("/named").replace("127.0.0.1", "localhost");
    server.on(
        "/latest",
        e ->
            e.head(
                302, "Location: " + other.url("/there"), "Set-Cookie: a=b", "Content-Length: 0"));
    other.on("/there", e -> e.head(302, "Location: " + sameByAnotherName, "Content-Length: 0"));
    server.on("/named", e -> e.head(302, "Location: " + back, "Content-Length: 0"));
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));

    new WebSource(server.url("/latest"), client, secret()).open().close();

    assertThat(other.requests()).hasSize(1).noneMatch(head -> head.contains("geheim"));
    assertThat(server.requests().get(0)).contains("geheim");
    assertThat(server.requests().get(1)).contains("/named").doesNotContain("geheim");
    assertThat(server.requests().get(2)).contains(PATH).contains("geheim");
    assertThat(server.requests()).noneMatch(head -> head.contains("Cookie"));
  }

  @Test
  void aRangeFromARedirectTargetIsRequestedWithoutCredentials() throws Exception {
    server.on("/latest", e -> e.head(307, "Location: " + other.url(PATH), "Content-Length: 0"));
    other.on(PATH, new dev.darkroom.testing.FaultyServerFile(new byte[100], "\"v1\""));
    Source source = new WebSource(server.url("/latest"), client, secret());

    for (int i = 0; i < 2; i++) {
      source.open(new ByteRange(i, 1), Optional.of("\"v1\"")).close();
    }

    assertThat(server.requests()).hasSize(1);
    assertThat(other.requests()).hasSize(2).noneMatch(head -> head.contains("geheim"));
  }

  @Test
  void credentialsAreNotInTheText() throws Exception {
    server.on(PATH, e -> e.head(403, "Content-Length: 0"));
    WebOptions options =
        new WebOptions(WebCredentials.headers(Map.of("X-Key", "geheim")), Optional.empty());

    Source source = new WebSource(server.url(PATH), client, options);

    assertThat(options.toString() + source + source.describe()).doesNotContain("geheim");
    assertThat(assertFails(Kind.FORBIDDEN, source::open)).hasMessageNotContaining("geheim");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "RANGE",
        "If-Range",
        "If-None-Match",
        "Accept-Encoding",
        "Proxy-Authorization",
        "Expect",
        "a b",
        "a:b",
        "a\r\nb",
        "ü",
        ""
      })
  void aReservedOrInvalidHeaderIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebCredentials.headers(Map.of(name, "geheim")))
        .withMessageNotContaining("geheim");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " geheim", "geheim\r\nX-More: 1", "geheim\n", "geheim\0", "gehéim"})
  void aSecretWithControlCharactersIsRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebCredentials.headers(Map.of("X-Key", value)))
        .withMessageNotContaining("geh");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebCredentials.bearer(value))
        .withMessageNotContaining("geh");
  }

  @Test
  void aUserOrPasswordNotValidInBasicIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> WebCredentials.basic("a:b", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> WebCredentials.basic("", "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> WebCredentials.basic("a", "x\n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WebCredentials.headers(Map.of("A", "1", "a", "2")));
  }

  private static WebOptions secret() {
    return WebOptions.none().with(WebCredentials.bearer("geheim"));
  }

  private Source source(WebCredentials credentials) throws SourceException {
    return new WebSource(server.url(PATH), client, WebOptions.none().with(credentials));
  }
}
