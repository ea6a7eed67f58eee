package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.randomBytes;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.utils.DateUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSourceTest extends WebSourceScenario {

  // Bodies and heads.

  @Test
  void theBodyHasTheHeadOfTheServer() throws Exception {
    server.on(
        PATH,
        e ->
            e.head(
                    200,
                    "Content-Length: 10",
                    "Content-Type: application/x-qemu-disk",
                    "ETag: \"v1\"",
                    "Accept-Ranges: bytes")
                .raw("0123456789"));

    try (SourceBody body = source(PATH).open()) {
      assertThat(body.head().length()).hasValue(10);
      assertThat(body.head().contentType()).contains("application/x-qemu-disk");
      assertThat(body.head().validator()).contains("\"v1\"");
      assertThat(body.head().acceptsRanges()).isTrue();
      assertThat(body.head().location()).isEqualTo(server.url(PATH));
      assertThat(readAll(body)).asString(UTF_8).isEqualTo("0123456789");
    }
  }

  @Test
  void missingHeadersAreEmpty() throws Exception {
    server.on(PATH, e -> e.head(200, "ETag: W/\"v1\"").raw("0123456789"));

    try (SourceBody body = source(PATH).open()) {
      assertThat(body.head().length()).isEmpty();
      assertThat(body.head().contentType()).isEmpty();
      assertThat(body.head().validator()).as("a weak entity tag does not identify bytes").isEmpty();
      assertThat(body.head().acceptsRanges()).isFalse();
      assertThat(readAll(body)).as("ended by the connection").hasSize(10);
    }
  }

  @Test
  void theRequestAsksForThePlainBytes() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));

    source(PATH + "?a=b%20c").open().close();

    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).lines())
        .contains(
            "GET " + PATH + "?a=b%20c HTTP/1.1", "Accept-Encoding: identity", "Connection: close")
        .anyMatch(line -> line.matches("User-Agent: darkroom/\\S+"))
        .noneMatch(line -> line.startsWith("Upgrade") || line.startsWith("Cookie"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000, 3_000_000})
  void aLargeBodyComesWholeInEveryBuffer(int capacity) throws Exception {
    byte[] bytes = randomBytes(capacity == 1 ? 10_000 : 5_000_011);
    server.on(PATH, e -> e.head(200, "Content-Length: " + bytes.length).body(bytes));

    for (ByteBuffer buffer :
        List.of(ByteBuffer.allocateDirect(capacity), ByteBuffer.allocate(capacity))) {
      try (SourceBody body = source(PATH).open()) {
        assertThat(readAll(body, buffer)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void aReadWritesOnlyBetweenPositionAndLimit() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("0123456789"));
    ByteBuffer buffer = ByteBuffer.allocate(8).position(2).slice();
    buffer.position(1).limit(5);

    try (SourceBody body = source(PATH).open()) {
      while (buffer.hasRemaining()) {
        body.read(buffer);
      }
    }

    assertThat(buffer.array()).isEqualTo(new byte[] {0, 0, 0, '0', '1', '2', '3', 0});
  }

  @Test
  void aChunkedBodyHasNoLength() throws Exception {
    server.on(
        PATH,
        e -> e.head(200, "Transfer-Encoding: chunked").chunk("01234").chunk("56789").lastChunk());

    try (SourceBody body = source(PATH).open()) {
      assertThat(body.head().length()).isEmpty();
      assertThat(readAll(body)).asString(UTF_8).isEqualTo("0123456789");
    }
  }

  @Test
  void anEmptyBodyIsNoError() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));

    try (SourceBody body = source(PATH).open()) {
      assertThat(body.head().length()).hasValue(0);
      assertThat(readAll(body)).isEmpty();
    }
  }

  @Test
  void aSourceCanBeOpenedAgain() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 3").raw("abc"));
    Source source = source(PATH);

    for (int i = 0; i < 3; i++) {
      try (SourceBody body = source.open()) {
        assertThat(readAll(body)).hasSize(3);
      }
    }
  }

  @Test
  void aConnectionKeptOpenByTheServerDoesNotDelayTheEnd() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 3").raw("abc").stall());

    try (SourceBody body = source(PATH).open()) {
      assertThat(readAll(body)).hasSize(3);
    }
  }

  @Test
  void aBreakAfterTheLastByteDoesNoHarm() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 3").raw("abc").reset());

    try (SourceBody body = source(PATH).open()) {
      assertThat(readAll(body)).hasSize(3);
    }
  }

  // URLs.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:///etc/passwd | scheme file:",
        "ftp://example.org/x | scheme ftp:",
        "gopher://example.org/x | scheme gopher:",
        "images/x.qcow2 | no scheme",
        "'' | no scheme",
        "http:///x | no valid host",
        "http:/x | no valid host",
        "http:x | no valid host",
        "http://my host/x | URL is invalid",
        "http://example.org:99999/x | no valid port",
        "http://example.org:0/x | no valid port",
        "http://user:geheim@example.org/x | user name or password",
        "http://geheim@example.org/x | user name or password",
        "http://user:geheim@exa mple.org/x | URL is invalid",
        "http://example.org/x?sig=geheim<> | URL is invalid",
      })
  void anInvalidUrlIsRefused(String url, String why) {
    SourceException e = assertFails(Kind.INVALID, () -> new WebSource(url, client));

    assertThat(e).hasMessageContaining(why);
    assertThat(e.getMessage()).doesNotContain("geheim");
  }

  @Test
  void aUrlMayHaveCapitalsSpacesAroundAndAFragment() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 0"));
    String url = " " + server.url(PATH).replace("http:", "HTTP:") + "#part\n";

    try (SourceBody body = new WebSource(url, client).open()) {
      assertThat(readAll(body)).isEmpty();
    }
  }

  @Test
  void aPathMayBeginWithTwoSlashesOrBeMissing() throws Exception {
    server.on("//x", e -> e.head(200, "Content-Length: 2"));
    server.on("/", e -> e.head(200, "Content-Length: 1"));

    try (SourceBody two = source("//x").open();
        SourceBody none = source("").open()) {
      assertThat(two.head().length()).hasValue(2);
      assertThat(none.head().length()).hasValue(1);
    }
  }

  @Test
  void noTextContainsTheQuery() throws Exception {
    server.on(PATH, e -> e.head(403));
    Source source = source(PATH + "?X-Signature=geheim");

    SourceException e = assertFails(Kind.FORBIDDEN, source::open);

    assertThat(server.requests().get(0)).contains("X-Signature=geheim");
    assertThat(e.getMessage()).contains(server.url(PATH)).doesNotContain("geheim");
    assertThat(source.describe()).contains(server.url(PATH)).doesNotContain("geheim");
    server.on(PATH, ok -> ok.head(200, "Content-Length: 0"));
    try (SourceBody body = source.open()) {
      assertThat(body.head().location()).contains(server.url(PATH)).doesNotContain("geheim");
    }
  }

  // Statuses.

  @ParameterizedTest
  @CsvSource({
    "404, NOT_FOUND",
    "410, NOT_FOUND",
    "401, FORBIDDEN",
    "403, FORBIDDEN",
    "408, UNAVAILABLE",
    "425, UNAVAILABLE",
    "429, UNAVAILABLE",
    "500, UNAVAILABLE",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "599, UNAVAILABLE",
    "400, INVALID",
    "405, INVALID",
    "416, INVALID",
    "451, INVALID",
    "201, INVALID",
    "202, INVALID",
    "204, INVALID",
    "206, INVALID",
    "300, INVALID",
    "304, INVALID"
  })
  void aStatusOtherThan200IsRefused(int status, Kind kind) {
    server.on(PATH, e -> e.head(status, "Content-Length: 0"));

    SourceException e = assertFails(kind, () -> source(PATH).open());

    assertThat(e).hasMessageContaining(server.url(PATH) + " answered " + status);
    assertThat(e.retryAfter()).isEmpty();
  }

  @Test
  void theServersPhraseIsReportedAsPlainText() {
    server.on(PATH, e -> e.raw("HTTP/1.1 500 Disk\u001b[31m on fire\r\nContent-Length: 0\r\n\r\n"));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageEndingWith("answered 500 Disk?[31m on fire");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "120, 120", "3600, 3600", "3601, 3600", "999999999, 3600"})
  void retryAfterInSecondsIsAtMostAnHour(String value, long seconds) {
    server.on(PATH, e -> e.head(503, "Retry-After: " + value));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void retryAfterAsADateIsAtMostAnHour() {
    Instant now = Instant.now();

    assertThat(retryAfter(now.plusSeconds(600)).orElseThrow())
        .isBetween(Duration.ofSeconds(500), Duration.ofSeconds(600));
    assertThat(retryAfter(now.plusSeconds(10_000))).contains(Duration.ofHours(1));
    assertThat(retryAfter(now.minusSeconds(600))).contains(Duration.ZERO);
  }

  private Optional<Duration> retryAfter(Instant date) {
    server.on(PATH, e -> e.head(429, "Retry-After: " + DateUtils.formatStandardDate(date)));
    return assertFails(Kind.UNAVAILABLE, () -> source(PATH).open()).retryAfter();
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "99999999999", ""})
  void anInvalidRetryAfterIsIgnored(String value) {
    server.on(PATH, e -> e.head(503, "Retry-After: " + value));

    assertThat(assertFails(Kind.UNAVAILABLE, () -> source(PATH).open()).retryAfter()).isEmpty();
  }

  // Redirects.

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsFollowed(int status) throws Exception {
    server.on(
        "/latest", e -> e.head(status, "Location: images/v2?sig=geheim", "Content-Length: 0"));
    server.on("/images/v2", e -> e.head(200, "Content-Length: 2").raw("v2"));

    try (SourceBody body = source("/latest").open()) {
      assertThat(body.head().location()).contains("/images/v2").doesNotContain("geheim");
      assertThat(readAll(body)).asString(UTF_8).isEqualTo("v2");
    }
  }

  @Test
  void tenRedirectsAreFollowedButNotEleven() throws Exception {
    for (int i = 1; i <= 11; i++) {
      String next = "Location: /hop" + (i - 1);
      server.on("/hop" + i, e -> e.head(302, next));
    }
    server.on("/hop0", e -> e.head(200, "Content-Length: 0"));

    source("/hop10").open().close();
    SourceException e = assertFails(Kind.REDIRECT_REFUSED, () -> source("/hop11").open());

    assertThat(e).hasMessageContaining("after 10 redirects");
  }

  @Test
  void aRedirectLoopIsRefused() {
    server.on("/a", e -> e.head(302, "Location: /b"));
    server.on("/b", e -> e.head(302, "Location: /a#again"));

    SourceException e = assertFails(Kind.REDIRECT_REFUSED, () -> source("/a").open());

    assertThat(e).hasMessageContaining("loop");
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:///etc/passwd | scheme file:",
        "ftp://example.org/x | scheme ftp:",
        "http://user:geheim@example.org/x | user name or password",
        "http://exa mple.org/?geheim | URL is invalid",
        "http:///x | no valid host",
      })
  void aRedirectToAnInvalidUrlIsRefused(String location, String why) {
    server.on(PATH, e -> e.head(302, "Location: " + location));

    SourceException e = assertFails(Kind.REDIRECT_REFUSED, () -> source(PATH).open());

    assertThat(e).hasMessageContaining(why);
    assertThat(e.getMessage()).doesNotContain("geheim");
  }

  @Test
  void aRedirectWithoutALocationIsRefused() {
    server.on(PATH, e -> e.head(302));

    assertFails(Kind.REDIRECT_REFUSED, () -> source(PATH).open());
  }

  @Test
  void aRefusalAfterARedirectNamesTheLastAddress() {
    server.on("/latest", e -> e.head(302, "Location: /gone"));

    SourceException e = assertFails(Kind.NOT_FOUND, () -> source("/latest").open());

    assertThat(e).hasMessageContaining(server.url("/gone"));
  }
}
