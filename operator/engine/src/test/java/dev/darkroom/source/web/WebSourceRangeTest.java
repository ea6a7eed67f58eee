package dev.darkroom.source.web;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.utils.DateUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSourceRangeTest extends WebSourceScenario {

  private static final String V1 = "\"v1\"";
  private static final byte[] BYTES = "0123456789".getBytes(UTF_8);
  private static final FaultyServerFile FILE = new FaultyServerFile(BYTES, V1);
  private static final ByteRange MIDDLE = new ByteRange(3, 4);
  private static final ByteRange BEGINNING = new ByteRange(0, 4);

  @Test
  void aRangeReturnsItsBytesAndTheHeadOfAllBytes() throws Exception {
    server.on(PATH, FILE);

    try (SourceBody body = open(MIDDLE, Optional.of(V1))) {
      assertThat(body.head().length()).hasValue(10);
      assertThat(body.head().validator()).contains(V1);
      assertThat(body.head().acceptsRanges()).isTrue();
      assertThat(readAll(body)).asString(UTF_8).isEqualTo("3456");
    }

    assertThat(server.requests().get(0).lines())
        .contains("Range: bytes=3-6", "If-Range: \"v1\"", "Accept-Encoding: identity");
  }

  @Test
  void aRangeMayEndPastTheLastByteOrBeOpenEnded() throws Exception {
    server.on(PATH, FILE);

    assertThat(read(new ByteRange(7, 400))).isEqualTo("789");
    assertThat(read(ByteRange.from(8))).isEqualTo("89");
    assertThat(server.requests().get(1)).contains("Range: bytes=8-\r\n");
  }

  @Test
  void aConnectionIsReusedForTheNextRange() throws Exception {
    server.on(PATH, FILE);

    for (int i = 0; i < 9; i++) {
      assertThat(read(new ByteRange(i, 2))).isEqualTo("" + i + (i + 1));
    }

    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionWithAnUnreadAnswerIsNotReused() throws Exception {
    server.on(PATH, FILE);

    open(MIDDLE, Optional.empty()).close();
    assertThat(client.openConnections()).isZero();
    assertThat(read(MIDDLE)).isEqualTo("3456");

    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void aKeptConnectionClosedByTheServerIsReplaced() throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          e.head(
                  206,
                  "Content-Length: " + asked.length(),
                  "Content-Range: bytes %d-%d/10".formatted(asked.first(), asked.end() - 1))
              .body(BYTES, asked.first(), asked.length());
        });

    for (int i = 0; i < 5; i++) {
      assertThat(read(MIDDLE)).isEqualTo("3456");
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    server.on(PATH, FILE);

    assertThat(read(MIDDLE)).isEqualTo("3456");

    assertThat(client.openConnections()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
  }

  // All bytes in place of a range.

  @Test
  void allBytesMayAnswerARangeFromTheFirstByte() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10", "ETag: \"v1\"").body(BYTES));

    try (SourceBody body = open(BEGINNING, Optional.empty())) {
      assertThat(body.head().acceptsRanges()).as("ranges are not proved").isFalse();
      assertThat(readAll(body)).isEqualTo(BYTES);
    }
    try (SourceBody body = open(BEGINNING, Optional.of(V1))) {
      assertThat(readAll(body)).isEqualTo(BYTES);
    }
  }

  @ParameterizedTest
  @CsvSource({"v1, 0, ", "v1, 3, RANGE_REFUSED", "v2, 0, CHANGED", "v2, 3, CHANGED"})
  void allBytesInPlaceOfARangeAreComparedWithTheVersion(String version, int offset, Kind kind)
      throws Exception {
    server.on(
        PATH, e -> e.head(200, "Content-Length: 10", "ETag: \"" + version + "\"").body(BYTES));
    ByteRange range = new ByteRange(offset, 4);

    if (kind == null) {
      open(range, Optional.of(V1)).close();
    } else {
      assertFails(kind, () -> open(range, Optional.of(V1)));
    }
  }

  // Invalid answers.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 3-5/10",
        "bytes 3-7/10",
        "bytes 2-5/10",
        "bytes 4-7/10",
        "bytes 3-6/*",
        "bytes 3-6/5",
        "bytes 6-3/10",
        "bytes */10",
        "bytes=3-6/10",
        "items 3-6/10",
        "bytes 3-6",
        "bytes 99999999999999999999-6/10",
        "bytes -3-6/10",
        ""
      })
  void anotherContentRangeThanRequestedIsRefused(String contentRange) {
    server.on(PATH, e -> e.head(206, "Content-Range: " + contentRange, "ETag: \"v1\"").raw("3456"));

    assertFails(Kind.RANGE_REFUSED, () -> open(MIDDLE, Optional.of(V1)));
  }

  @Test
  void anAnswerWithoutOrWithTwoContentRangesIsRefused() {
    server.on(PATH, e -> e.head(206, "ETag: \"v1\"").raw("3456"));
    server.on(
        "/two",
        e -> e.head(206, "Content-Range: bytes 3-6/10", "Content-Range: bytes 3-6/11").raw("3456"));

    assertFails(Kind.RANGE_REFUSED, () -> open(MIDDLE, Optional.of(V1)));
    assertFails(
        Kind.RANGE_REFUSED,
        () -> new WebSource(server.url("/two"), client).open(MIDDLE, Optional.empty()));
  }

  @Test
  void aMultipartAnswerIsRefused() {
    server.on(
        PATH,
        e ->
            e.head(
                206,
                "Content-Type: multipart/byteranges; boundary=x",
                "Content-Range: bytes 3-6/10",
                "ETag: \"v1\""));

    assertFails(Kind.RANGE_REFUSED, () -> open(MIDDLE, Optional.of(V1)));
  }

  @Test
  void anotherLengthThanTheRangesIsRefused() {
    server.on(
        PATH,
        e ->
            e.head(206, "Content-Range: bytes 3-6/10", "Content-Length: 5", "ETag: \"v1\"")
                .raw("34567"));

    assertFails(Kind.RANGE_REFUSED, () -> open(MIDDLE, Optional.of(V1)));
  }

  @Test
  void aContentCodingIsRefused() {
    server.on(
        PATH,
        e ->
            e.head(206, "Content-Range: bytes 3-6/10", "Content-Encoding: gzip", "ETag: \"v1\"")
                .raw("3456"));

    assertFails(Kind.INVALID, () -> open(MIDDLE, Optional.of(V1)));
  }

  @ParameterizedTest
  @CsvSource({
    "'ETag: \"v2\"', CHANGED",
    "'ETag: W/\"v1\"', RANGE_REFUSED",
    "'X: y', RANGE_REFUSED"
  })
  void aRangeOfAnotherVersionIsRefused(String header, Kind kind) {
    server.on(PATH, e -> e.head(206, "Content-Range: bytes 3-6/10", header).raw("3456"));

    assertFails(kind, () -> open(MIDDLE, Optional.of(V1)));
  }

  @Test
  void aChunkedRangeIsCheckedAgainstItsLength() throws Exception {
    server.on(PATH, e -> chunked(e).chunk("34").chunk("56").lastChunk());
    assertThat(read(MIDDLE)).isEqualTo("3456");

    server.on(PATH, e -> chunked(e).chunk("3456").chunk("7").lastChunk());
    assertFails(Kind.OVERLONG, () -> read(MIDDLE));

    server.on(PATH, e -> chunked(e).chunk("345").lastChunk());
    assertFails(Kind.TRUNCATED, () -> read(MIDDLE));
  }

  private static FaultyExchange chunked(FaultyExchange e) throws IOException {
    return e.keepAlive().head(206, "Content-Range: bytes 3-6/10", "Transfer-Encoding: chunked");
  }

  @Test
  void aBrokenRangeIsTruncated() throws Exception {
    server.on(PATH, e -> FILE.partHead(e, FILE.asked(e).orElseThrow()).raw("345").reset());

    assertThat(assertFails(Kind.TRUNCATED, () -> read(MIDDLE)).getMessage())
        .endsWith("4 bytes from byte 3 on");
  }

  @Test
  void aRangeWithExtraBytesIsOverlong() {
    server.on(PATH, e -> FILE.partHead(e, FILE.asked(e).orElseThrow()).raw("34567"));

    assertFails(Kind.OVERLONG, () -> read(MIDDLE));
  }

  // Ranges without bytes.

  @Test
  void anEmptySourceHasNoRange() throws Exception {
    server.on(PATH, e -> e.head(416, "Content-Range: bytes */0", "Content-Length: 0"));

    try (SourceBody body = open(BEGINNING, Optional.empty())) {
      assertThat(body.head().length()).hasValue(0);
      assertThat(readAll(body)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 'bytes */10', RANGE_REFUSED",
    "0, 'bytes */x', RANGE_REFUSED",
    "3, 'bytes */10', RANGE_REFUSED",
    "3, 'bytes */*', RANGE_REFUSED",
    "3, 'bytes */3', CHANGED",
    "3, 'bytes */0', CHANGED",
  })
  void anUnsatisfiableRangeMeansAnotherVersionOrNoRanges(
      int offset, String contentRange, Kind kind) {
    server.on(PATH, e -> e.head(416, "Content-Range: " + contentRange, "Content-Length: 0"));

    assertFails(kind, () -> open(new ByteRange(offset, 4), Optional.of(V1)));
  }

  @Test
  void aFailedPreconditionMeansAnotherVersion() {
    server.on(PATH, e -> e.head(412, "Content-Length: 0"));

    assertFails(Kind.CHANGED, () -> open(MIDDLE, Optional.of(V1)));
  }

  // The date of the last modification.

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "3600, true", "-5, false"})
  void aStrongModificationDateIsAValidator(int age, boolean strong) throws Exception {
    Instant now = Instant.now();
    String modified = DateUtils.formatStandardDate(now.minusSeconds(age));
    server.on(
        PATH,
        e ->
            e.head(
                    206,
                    "Content-Range: bytes 3-6/10",
                    "Date: " + DateUtils.formatStandardDate(now),
                    "Last-Modified: " + modified)
                .raw("3456"));

    try (SourceBody body = open(MIDDLE, Optional.empty())) {
      assertThat(body.head().validator()).isEqualTo(Optional.of(modified).filter(m -> strong));
    }
    open(MIDDLE, Optional.of(modified)).close();
    assertThat(server.requests().get(1)).contains("If-Range: " + modified + "\r\n");
    String other = DateUtils.formatStandardDate(now.minusSeconds(86400));
    assertFails(Kind.CHANGED, () -> open(MIDDLE, Optional.of(other)));
  }

  // Redirects.

  @Test
  void laterRangesStartAtTheRedirectTargetUntilItExpires() throws Exception {
    AtomicBoolean expired = new AtomicBoolean();
    server.on("/latest", e -> e.head(302, "Location: /signed?sig=geheim", "Content-Length: 0"));
    server.on(
        "/signed",
        e -> {
          if (expired.getAndSet(false)) {
            e.head(403, "Content-Length: 0");
          } else {
            FILE.play(e);
          }
        });
    Source source = new WebSource(server.url("/latest"), client);

    readPart(source);
    readPart(source);
    assertThat(paths()).containsExactly("/latest", "/signed", "/signed");

    expired.set(true);
    readPart(source);
    assertThat(paths().skip(3)).containsExactly("/signed", "/latest", "/signed");
  }

  @Test
  void withoutAValidatorEachRangeStartsAtTheUrl() throws Exception {
    server.on("/latest", e -> e.head(302, "Location: /v1", "Content-Length: 0"));
    server.on("/v1", FILE);
    Source source = new WebSource(server.url("/latest"), client);

    source.open(BEGINNING, Optional.empty()).close();
    source.open(BEGINNING, Optional.empty()).close();

    assertThat(paths()).containsExactly("/latest", "/v1", "/latest", "/v1");
  }

  private static void readPart(Source source) throws Exception {
    try (SourceBody body = source.open(MIDDLE, Optional.of(V1))) {
      assertThat(readAll(body)).isEqualTo(Arrays.copyOfRange(BYTES, 3, 7));
    }
  }

  private java.util.stream.Stream<String> paths() {
    return server.requests().stream().map(head -> head.split("[ ?]")[1]);
  }

  private String read(ByteRange range) throws Exception {
    try (SourceBody body = open(range, Optional.empty())) {
      return new String(readAll(body), UTF_8);
    }
  }

  private SourceBody open(ByteRange range, Optional<String> validator) throws Exception {
    return new WebSource(server.url(PATH), client).open(range, validator);
  }
}
