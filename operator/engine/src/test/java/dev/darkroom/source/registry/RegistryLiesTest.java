package dev.darkroom.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.fetch.Fetch;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebCredentials;
import dev.darkroom.source.web.WebLimits;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malicious registries: wrong data fails, and secrets are not sent. */
class RegistryLiesTest {

  private static final byte[] DISK = randomBytes(300_000);
  private static final String LAYER = DockerRegistry.digest(DISK);
  private static final byte[] MANIFEST =
      """
      {"schemaVersion":2,"layers":[{"mediaType":"application/x-disk","size":%d,"digest":"%s"}]}\
      """
          .formatted(DISK.length, LAYER)
          .getBytes(UTF_8);
  private static final String MANIFESTS = "/v2/disks/x/manifests/";
  private static final String BLOB = "/v2/disks/x/blobs/" + LAYER;

  private final WebClient client =
      new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
  private FaultyServer server;
  private FaultyServer other;

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
    other = FaultyServer.start();
    server.on(MANIFESTS + "latest", e -> send(e, MANIFEST));
    server.on(BLOB, e -> send(e, DISK));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    other.close();
    client.close();
  }

  @Test
  void aManifestThatDoesNotMatchItsDigestIsRefused() {
    String asked = "sha256:" + "1".repeat(64);
    server.on(MANIFESTS + asked, e -> send(e, MANIFEST));
    server.on(
        MANIFESTS + "headed",
        e ->
            e.head(200, "Content-Length: " + MANIFEST.length, "Docker-Content-Digest: " + asked)
                .body(MANIFEST));

    assertFails(Kind.CHANGED, () -> fetch("@" + asked));
    assertFails(Kind.CHANGED, () -> fetch(":headed"));
  }

  @Test
  void aLayerThatDoesNotMatchItsDigestFailsAtItsEnd() throws Exception {
    byte[] other = DISK.clone();
    other[DISK.length - 1]++;
    server.on(BLOB, e -> send(e, other));
    assertFails(Kind.CHANGED, () -> fetch(""));

    server.on(BLOB, e -> send(e, new byte[DISK.length + 1]));
    assertFails(Kind.CHANGED, () -> fetch(""));

    server.on(BLOB, e -> send(e, new byte[10]));
    assertFails(Kind.CHANGED, () -> fetch(""));
  }

  @Test
  void aBrokenLayerIsResumedAndVerifiedAsAWhole() throws Exception {
    FaultyServerFile file = new FaultyServerFile(DISK, "\"x\"");
    server.on(
        BLOB,
        e -> {
          if (e.header("Range").isEmpty()) {
            file.whole(e).body(DISK, 0, DISK.length / 2).reset();
          } else {
            file.play(e);
          }
        });
    assertThat(fetch("")).isEqualTo(DISK);

    FaultyServerFile forged = new FaultyServerFile(new byte[DISK.length], "\"x\"");
    server.on(
        BLOB,
        e -> {
          if (e.header("Range").isEmpty()) {
            file.whole(e).body(DISK, 0, DISK.length / 2).reset();
          } else {
            forged.play(e);
          }
        });
    assertFails(Kind.CHANGED, () -> fetch(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "{}",
        "[]",
        "{\"schemaVersion\":1,\"layers\":[]}",
        "{\"schemaVersion\":2,\"layers\":[]}",
        "{\"schemaVersion\":2,\"layers\":[{\"size\":1}]}",
        "{\"schemaVersion\":2,\"layers\":[{\"size\":1,\"digest\":\"sha256:../../etc\"}]}",
        "{\"schemaVersion\":2,\"layers\":[{\"size\":-1,\"digest\":\"@\"}]}",
        "{\"schemaVersion\":2,\"layers\":[{\"size\":1e99,\"digest\":\"@\"}]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":7}]}"
      })
  void aMalformedManifestIsInvalid(String manifest) {
    byte[] bytes = manifest.replace("@", LAYER).getBytes(UTF_8);
    server.on(MANIFESTS + "latest", e -> send(e, bytes));

    assertFails(Kind.INVALID, () -> fetch(""));
  }

  @Test
  void anEndlessManifestIsInvalid() {
    server.on(
        MANIFESTS + "latest",
        e -> {
          e.head(200);
          while (true) {
            e.body(new byte[65536]);
          }
        });

    assertFails(Kind.INVALID, () -> fetch(""));
  }

  // Tokens.

  @Test
  void aTokenIsFetchedAndFetchedAgainWhenItExpired() throws Exception {
    int[] tokens = new int[1];
    server.on("/token", e -> send(e, ("{\"token\":\"t" + ++tokens[0] + "\"}").getBytes(UTF_8)));
    // The first token has expired at the request for the blob.
    server.on(MANIFESTS + "latest", e -> guarded(e, List.of("t1", "t2"), MANIFEST));
    server.on(BLOB, e -> guarded(e, List.of("t2"), DISK));

    assertThat(fetch("")).isEqualTo(DISK);

    assertThat(server.requests())
        .anyMatch(
            head ->
                head.startsWith(
                    "GET /token?service=a+b&scope=repository%3Adisks%2Fx%3Apull HTTP/1.1"));
  }

  @Test
  void theLoginGoesToTheTokenServerAndNotToTheBlobHost() throws Exception {
    server.on(
        "/token",
        e -> {
          if (e.header("Authorization").equals(Optional.of("Basic dXNlcjpnZWhlaW0="))) {
            send(e, "{\"access_token\":\"t\"}".getBytes(UTF_8));
          } else {
            e.head(401, "WWW-Authenticate: Basic realm=x", "Content-Length: 0");
          }
        });
    server.on(MANIFESTS + "latest", e -> guarded(e, List.of("t"), MANIFEST));
    server.on(BLOB, e -> e.head(307, "Location: " + other.url("/cdn"), "Content-Length: 0"));
    other.on("/cdn", e -> send(e, DISK));

    assertThat(fetch("", WebCredentials.basic("user", "geheim"))).isEqualTo(DISK);
    assertThat(other.requests()).hasSize(1).noneMatch(head -> head.contains("Authorization"));

    SourceException e =
        assertFails(Kind.FORBIDDEN, () -> fetch("", WebCredentials.basic("user", "falsch")));
    assertThat(e).hasMessageNotContaining("falsch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer realm=\"http://tokens.example.org/\"",
        "Bearer realm=\"ftp://127.0.0.1/\"",
        "Bearer realm=\"nonsense nonsense\"",
        "Bearer service=\"x\"",
        "Negotiate",
        "Basic realm=\"x\""
      })
  void aLoginIsSentOnlyToTrustedHosts(String challenge) {
    server.on(
        MANIFESTS + "latest",
        e -> e.head(401, "WWW-Authenticate: " + challenge, "Content-Length: 0"));

    assertFails(Kind.FORBIDDEN, () -> fetch("", WebCredentials.none()));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aTokenServerAtARefusedAddressIsBlocked() {
    server.on(
        MANIFESTS + "latest",
        e ->
            e.head(
                401, "WWW-Authenticate: Bearer realm=\"https://10.0.0.1/\"", "Content-Length: 0"));

    assertFails(Kind.BLOCKED, () -> fetch("", WebCredentials.none()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"token\":\"\"}", "{\"token\":\"a\\r\\nX: y\"}"})
  void anInvalidTokenIsNotSent(String answer) {
    server.on("/token", e -> send(e, answer.getBytes(UTF_8)));
    server.on(MANIFESTS + "latest", e -> guarded(e, List.of("t"), MANIFEST));

    assertFails(Kind.FORBIDDEN, () -> fetch("", WebCredentials.none()));
  }

  private void guarded(FaultyExchange e, List<String> tokens, byte[] bytes) throws IOException {
    if (tokens.stream()
        .anyMatch(t -> e.header("Authorization").equals(Optional.of("Bearer " + t)))) {
      send(e, bytes);
    } else {
      e.head(
          401,
          "WWW-Authenticate: Bearer realm=\"" + server.url("/token") + "\",service=\"a b\"",
          "Content-Length: 0");
    }
  }

  private static void send(FaultyExchange e, byte[] bytes) throws IOException {
    e.head(200, "Content-Length: " + bytes.length).body(bytes);
  }

  private byte[] fetch(String version) throws Exception {
    return fetch(version, WebCredentials.none());
  }

  private byte[] fetch(String version, WebCredentials login) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    try (Fetch fetch =
        Fetch.open(source(version, login), FetchOptions.defaults(), Optional.empty())) {
      while (fetch.read(buffer.clear()) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
      }
    }
    return all.toByteArray();
  }

  private RegistrySource source(String version, WebCredentials login) throws SourceException {
    String authority = URI.create(server.url("")).getAuthority();
    return new RegistrySource(
        authority + "/disks/x" + version,
        client,
        new RegistryOptions(login, Optional.empty(), Platform.defaults(), Set.of(authority)));
  }

  private static SourceException assertFails(Kind kind, Callable<?> work) {
    SourceException[] found = new SourceException[1];
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(e -> found[0] = e);
    return found[0];
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
