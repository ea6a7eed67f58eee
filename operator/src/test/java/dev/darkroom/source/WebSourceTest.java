package dev.darkroom.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.testing.FaultyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.utils.DateUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSourceTest {

  private static final String PATH = "/image.qcow2";
  private static final AddressPolicy LOOPBACK = AddressPolicy.defaults().withLoopbackAllowed();
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final WebClient client = new WebClient(WebLimits.defaults(), LOOPBACK);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FaultyServer server;

  @BeforeEach
  void start() throws IOException {
    server = FaultyServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    client.close();
    threads.shutdownNow();
  }

  // What comes, as it is.

  @Test
  void theBodyComesWithWhatTheServerSaysOfIt() throws Exception {
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
  void whatTheServerDoesNotSayIsEmpty() throws Exception {
    server.on(PATH, e -> e.head(200, "ETag: W/\"v1\"").raw("0123456789"));

    try (SourceBody body = source(PATH).open()) {
      assertThat(body.head().length()).isEmpty();
      assertThat(body.head().contentType()).isEmpty();
      assertThat(body.head().validator()).as("a weak one tells nothing of bytes").isEmpty();
      assertThat(body.head().acceptsRanges()).isFalse();
      assertThat(readAll(body)).as("ended by the connection").hasSize(10);
    }
  }

  @Test
  void theRequestAsksForThePlainBytesAndNothingElse() throws Exception {
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
  void aBigBodyComesWholeInWhateverBuffer(int capacity) throws Exception {
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
  void aReadTouchesOnlyTheRoomInTheBuffer() throws Exception {
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
  void anEmptyBodyIsNoErrorHere() throws Exception {
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
  void aServerThatKeepsTheConnectionOpenIsNotWaitedFor() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 3").raw("abc").stall());

    try (SourceBody body = source(PATH).open()) {
      assertThat(readAll(body)).hasSize(3);
    }
  }

  @Test
  void aConnectionThatBreaksAfterTheLastByteDoesNoHarm() throws Exception {
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
        "http://my host/x | can't be understood",
        "http://example.org:99999/x | no valid port",
        "http://example.org:0/x | no valid port",
        "http://user:geheim@example.org/x | user name or password",
        "http://geheim@example.org/x | user name or password",
        "http://user:geheim@exa mple.org/x | can't be understood",
        "http://example.org/x?sig=geheim<> | can't be understood",
      })
  void aUrlThatCanNotBeAskedIsInvalid(String url, String why) {
    SourceException e = assertFails(Kind.INVALID, () -> new WebSource(url, client));

    assertThat(e).hasMessageContaining(why);
    assertThat(e.getMessage()).doesNotContain("geheim");
  }

  @Test
  void aUrlMayBeWrittenInCapitalsWithSpacesAroundAndAFragment() throws Exception {
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
  void noTextForPeopleHoldsTheQuery() throws Exception {
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
  void theServersWordsAreToldAsPlainText() {
    server.on(PATH, e -> e.raw("HTTP/1.1 500 Disk\u001b[31m on fire\r\nContent-Length: 0\r\n\r\n"));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageEndingWith("answered 500 Disk?[31m on fire");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "120, 120", "3600, 3600", "3601, 3600", "999999999, 3600"})
  void retryAfterInSecondsIsToldUpToAnHour(String value, long seconds) {
    server.on(PATH, e -> e.head(503, "Retry-After: " + value));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e.retryAfter()).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void retryAfterAsADateIsToldUpToAnHour() {
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
  void aRetryAfterThatMakesNoSenseIsNone(String value) {
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
  void aRedirectLoopIsFoundAtOnce() {
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
        "http://exa mple.org/?geheim | can't be understood",
        "http:///x | no valid host",
      })
  void aRedirectToAnAddressThatCanNotBeAskedIsRefused(String location, String why) {
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

  // Lies about the body.

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
  void aLengthThatIsNoneIsRefused(String length) {
    server.on(PATH, e -> e.head(200, "Content-Length: " + length).raw("abcd"));

    assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());
  }

  // Servers that are not there, or don't speak.

  @Test
  void aHostWithoutAnAddressIsNamed() {
    SourceException e =
        assertFails(
            Kind.UNAVAILABLE, () -> new WebSource("http://images.invalid/x?geheim", client).open());

    assertThat(e).hasMessage("host images.invalid can't be resolved");
  }

  @Test
  void aRefusedConnectionIsTold() throws Exception {
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
  void aServerThatHangsUpIsTold() {
    server.on(PATH, e -> {});

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageContaining("without an answer");
    assertThat(server.requests()).as("without a retry").hasSize(1);
  }

  @Test
  void aServerThatSpeaksSomethingElseIsTold() {
    server.on(PATH, e -> e.raw("220 ftp.example.org ready\r\n"));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> source(PATH).open());

    assertThat(e).hasMessageContaining("not proper HTTP");
  }

  @Test
  void aHeadWithoutAnEndIsRefused() {
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
  void aServerThatStallsInTheBodyIsUnavailable() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").stall());

    try (WebClient impatient = new WebClient(new WebLimits(LONG, LONG, SHORT, 10), LOOPBACK);
        SourceBody body = new WebSource(server.url(PATH), impatient).open()) {
      SourceException e = assertFails(Kind.UNAVAILABLE, () -> readAll(body));
      assertThat(e).hasMessageContaining("sent nothing").hasMessageContaining("after 5 bytes");
    }
  }

  // Giving up.

  @Test
  void closeEndsABlockedReadAtOnce() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("01234").stall());

    assertCloseEndsABlockedRead(source(PATH).open(), threads);
  }

  /** For a body that stalls. */
  static void assertCloseEndsABlockedRead(SourceBody body, ExecutorService threads) {
    AtomicReference<Thread> reader = new AtomicReference<>();
    Future<byte[]> reading =
        threads.submit(
            () -> {
              reader.set(Thread.currentThread());
              return readAll(body);
            });

    await().until(() -> isReading(reader.get()));
    body.close();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> reading.get(10, TimeUnit.SECONDS))
        .withCauseInstanceOf(SourceException.class)
        .withMessageContaining("closed");
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
  void aClosedBodyGivesNothingMore() throws Exception {
    server.on(PATH, e -> e.head(200, "Content-Length: 10").raw("0123456789"));
    SourceBody body = source(PATH).open();

    body.close();
    body.close();

    assertFails(Kind.UNAVAILABLE, () -> readAll(body));
  }

  @Test
  void connectionsAreLetGoOfHoweverAnExchangeEnds() throws Exception {
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

  private static boolean isReading(Thread thread) {
    return thread != null
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals("sun.nio.ch.NioSocketImpl"));
  }

  private Source source(String path) throws SourceException {
    return new WebSource(server.url(path), client);
  }

  static SourceException assertFails(Kind kind, Callable<?> work) {
    AtomicReference<SourceException> found = new AtomicReference<>();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(work::call)
        .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
        .satisfies(found::set);
    return found.get();
  }

  static byte[] readAll(SourceBody body) throws SourceException {
    return readAll(body, ByteBuffer.allocateDirect(64 * 1024));
  }

  static byte[] readAll(SourceBody body, ByteBuffer buffer) throws SourceException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (body.read(buffer.clear()) >= 0) {
      byte[] part = new byte[buffer.flip().remaining()];
      buffer.get(part);
      all.writeBytes(part);
    }
    assertThat(body.read(buffer.clear())).as("after the end").isEqualTo(-1);
    return all.toByteArray();
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
