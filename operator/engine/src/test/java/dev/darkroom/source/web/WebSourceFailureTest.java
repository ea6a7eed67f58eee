package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertCloseEndsABlockedRead;
import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong bodies, failing servers, and closed reads. */
class WebSourceFailureTest extends WebSourceScenario {

  // Wrong bodies.

  @Test
  void aBodyShorterThanAnnouncedIsTruncated() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 2097152").body(new byte[1048576]));

    try (SourceBody body = source(PATH).open()) {
      SourceException e = assertFails(Kind.TRUNCATED, () -> readAll(body));
      assertThat(e).hasMessage("the connection ended after 1,048,576 of 2,097,152 bytes");
    }
  }

  @Test
  void aResetIsTruncated() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").reset());
    server.on("/unknown-length", e -> e.head(200).raw("01234").reset());

    for (String path : List.of(PATH, "/unknown-length")) {
      try (SourceBody body = source(path).open()) {
        assertFails(Kind.TRUNCATED, () -> readAll(body));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\n01234\r\n",
        "5\r\n012",
        "5\r\n01234",
        "5\r\n01234\r\n0",
        "5\r\n01234\r\n0\r\n",
        "zz\r\n"
      })
  void aChunkedBodyWithoutItsEndIsTruncated(String chunks) throws Exception {
    server.on(PATH, e -> e.head(200, "Transfer-Encoding: chunked").raw(chunks));

    try (SourceBody body = source(PATH).open()) {
      assertFails(Kind.TRUNCATED, () -> readAll(body));
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "0, 1", "10, 1000000", "3000000, 1", "3000000, 5000000"})
  void aBodyLongerThanAnnouncedIsOverlong(int announced, int more) throws Exception {
    server.on(
        PATH, e -> e.head(200, "Content-Length: " + announced).body(new byte[announced + more]));

    try (SourceBody body = source(PATH).open()) {
      SourceException e = assertFails(Kind.OVERLONG, () -> readAll(body));
      assertThat(e).hasMessageContaining("more than the %,d bytes".formatted(announced));
    }
  }

  @Test
  void aContentCodingIsRefused() {
    server.on(PATH, e -> e.head(200, "Content-Encoding: gzip", "Content-Length: 3").raw("abc"));

    SourceException e = assertFails(Kind.INVALID, () -> source(PATH).open());

    assertThat(e).hasMessageContaining("gzip");
  }

  @Test
  void twoLengthsAreRefused() {
    server.on(PATH, e -> e.head(200, "Content-Length: 3", "Content-Length: 4").raw("abcd"));

    assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "abc", "99999999999999999999"})
  void anInvalidLengthIsRefused(String length) {
    server.on(PATH, e -> e.head(200, "Content-Length: " + length).raw("abcd"));

    assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());
  }

  // Unreachable and failing servers.

  @Test
  void aHostWithoutAnAddressIsNamed() {
    SourceException e =
        assertFails(
            Kind.UNAVAILABLE, () -> new WebSource("http://images.invalid/x?geheim", client).open());

    assertThat(e).hasMessage("host images.invalid can't be resolved");
  }

  @Test
  void aRefusedConnectionIsReported() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    SourceException e =
        assertFails(
            Kind.UNAVAILABLE,
            () -> new WebSource("http://127.0.0.1:" + port + "/x", client).open());

    assertThat(e).hasMessage("127.0.0.1:" + port + " refused the connection");
  }

  @Test
  void aConnectionClosedByTheServerIsReported() {
    server.on(PATH, e -> {});

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageContaining("without an answer");
    assertThat(server.requests()).as("without a retry").hasSize(1);
  }

  @Test
  void anAnswerThatIsNotHttpIsReported() {
    server.on(PATH, e -> e.raw("220 ftp.example.org ready\r\n"));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageContaining("not valid HTTP");
  }

  @Test
  void anEndlessHeadIsRefused() {
    server.on(
        PATH,
        e -> {
          e.raw("HTTP/1.1 200 OK\r\n");
          while (true) {
            e.raw("X-More: and more\r\n");
          }
        });

    assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());
  }

  @Test
  void aServerThatDoesNotAnswerIsUnavailable() throws Exception {
    server.on(PATH, e -> e.stall());

    try (WebClient impatient = new WebClient(new WebLimits(LONG, SHORT, LONG, 10), LOOPBACK)) {
      Source source = new WebSource(server.url(PATH), impatient);
      assertThat(assertFails(Kind.UNAVAILABLE, source::open))
          .hasMessageContaining("did not answer");
    }
  }

  @Test
  void aStalledBodyIsUnavailable() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").stall());

    try (WebClient impatient = new WebClient(new WebLimits(LONG, LONG, SHORT, 10), LOOPBACK);
        SourceBody body = new WebSource(server.url(PATH), impatient).open()) {
      SourceException e = assertFails(Kind.UNAVAILABLE, () -> readAll(body));
      assertThat(e).hasMessageContaining("sent nothing").hasMessageContaining("after 5 bytes");
    }
  }

  // Closed reads.

  @Test
  void closeEndsABlockedRead() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").stall());

    assertCloseEndsABlockedRead(source(PATH).open(), threads);
  }

  @Test
  void anInterruptEndsTheWaitForAnAnswer() throws Exception {
    server.on(PATH, e -> e.stall());
    AtomicReference<Thread> opener = new AtomicReference<>();
    Future<SourceBody> opening =
        threads.submit(
            () -> {
              opener.set(Thread.currentThread());
              return source(PATH).open();
            });

    await().until(() -> server.requests().size() == 1);
    opener.get().interrupt();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> opening.get(10, TimeUnit.SECONDS))
        .withCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void aReadAfterACloseFails() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("0123456789"));
    SourceBody body = source(PATH).open();

    body.close();
    body.close();

    assertFails(Kind.UNAVAILABLE, () -> readAll(body));
  }

  @Test
  void everyEndOfAnExchangeClosesItsConnection() throws Exception {
    server.on("/whole", e -> e.head(200, "Content-Length: 3").raw("abc"));
    server.on("/cut", e -> e.head(200, "Content-Length: 30").raw("abc"));
    server.on("/long", e -> e.head(200, "Content-Length: 3").raw("abcdef"));
    server.on("/left", e -> e.head(200, "Content-Length: 3000").raw("abc").stall());
    server.on("/error", e -> e.head(500, "Content-Length: 3000").raw("abc").stall());
    for (int i = 0; i < 20; i++) {
      for (String path : List.of("/whole", "/cut", "/long")) {
        try (SourceBody body = source(path).open()) {
          readAll(body);
        } catch (SourceException e) {
          assertThat(e.kind()).isIn(Kind.TRUNCATED, Kind.OVERLONG);
        }
      }
      source("/left").open().close();
      assertFails(Kind.UNAVAILABLE, () -> source("/error").open());
    }

    assertThat(client.openConnections()).isZero();
  }
}
