package dev.darkroom.source;

import static dev.darkroom.source.FetchOptions.NEVER_ENOUGH;
import static dev.darkroom.source.WebSourceTest.assertCloseEndsABlockedRead;
import static dev.darkroom.source.WebSourceTest.assertFails;
import static dev.darkroom.source.WebSourceTest.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest {

  private static final String PATH = "/disk";
  private static final String V1 = "\"v1\"";
  private static final String V2 = "\"v2\"";
  private static final int PART = 100_000;
  private static final byte[] BYTES = randomBytes(10 * PART + 4321);
  private static final FaultyServerFile FILE = new FaultyServerFile(BYTES, V1);
  private static final FetchOptions PARALLEL = options(4, 0);
  private static final FetchOptions SINGLE = options(1, 0);

  private final WebClient client =
      new WebClient(WebLimits.defaults(), AddressPolicy.defaults().withLoopbackAllowed());
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

  // What comes.

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "4, 1000", "64, 7", "2, 300000"})
  void theBytesComeInTheirOrderOverHoweverManyConnections(int connections, int buffer)
      throws Exception {
    server.on(PATH, FILE);
    byte[] expected = buffer == 1 ? Arrays.copyOf(BYTES, 3 * PART) : BYTES;
    server.on(PATH, new FaultyServerFile(expected, V1));

    try (Fetch fetch = open(options(connections, 0))) {
      assertThat(fetch.head().length()).hasValue(expected.length);
      assertThat(fetch.head().validator()).contains(V1);
      assertThat(read(fetch, buffer)).isEqualTo(expected);
      assertThat(fetch.report().received()).isEqualTo(expected.length);
      assertThat(fetch.report().delivered()).isEqualTo(expected.length);
      assertThat(fetch.report().broken()).isZero();
    }
    assertThat(server.connections()).isLessThanOrEqualTo(connections);
  }

  @Test
  void aConnectionServesOnePartAfterAnother() throws Exception {
    server.on(PATH, FILE);

    try (Fetch fetch = open(PARALLEL)) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().requests()).isEqualTo(11);
    }

    assertThat(server.requests()).hasSize(11);
    assertThat(server.connections()).isLessThanOrEqualTo(4);
  }

  @Test
  void theFirstRequestIsForOnePartAndNoOtherIsMadeBeforeTheFirstRead() throws Exception {
    server.on(PATH, FILE);

    try (Fetch fetch = open(PARALLEL)) {
      assertThat(fetch.head().acceptsRanges()).isTrue();
    }

    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0)).contains("Range: bytes=0-99999\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART - 1, PART})
  void whatFitsInOnePartTakesOneRequest(int size) throws Exception {
    byte[] bytes = randomBytes(size);
    server.on(PATH, new FaultyServerFile(bytes, V1));

    assertThat(fetch(PARALLEL)).isEqualTo(bytes);

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fewBytesAreReadOverOneConnection() throws Exception {
    server.on(PATH, FILE);

    assertThat(fetch(options(4, BYTES.length + 1))).isEqualTo(BYTES);

    assertThat(server.requests()).as("the first part and the rest").hasSize(2);
    assertThat(server.connections()).isEqualTo(1);
  }

  // Sources that don't serve ranges, or no versions.

  @Test
  void aServerThatLeavesTheRangeOutOfAccountIsReadAsOneStream() throws Exception {
    server.on(PATH, e -> FILE.whole(e).body(BYTES));

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aServerThatLiesInTheFirstContentRangeIsReadAsOneStream() throws Exception {
    server.on(
        PATH,
        e -> {
          if (e.header("Range").isEmpty()) {
            FILE.play(e);
          } else {
            e.head(206, "Content-Range: bytes 1-100000/2000000", "Content-Length: 100000");
          }
        });

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);
  }

  @Test
  void withoutAValidatorOneRequestHasToBringAll() throws Exception {
    server.on(
        PATH,
        e -> {
          Optional<FaultyServerFile.Asked> asked = FILE.asked(e);
          if (asked.isEmpty()) {
            e.head(200, "Content-Length: " + BYTES.length).body(BYTES);
          } else {
            e.head(206, "Content-Range: bytes 0-99999/" + BYTES.length).body(BYTES, 0, PART);
          }
        });

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);

    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aStreamWithoutALengthIsReadToItsEnd() throws Exception {
    server.on(PATH, e -> e.head(200, "Transfer-Encoding: chunked").chunk("0123").lastChunk());

    assertThat(fetch(PARALLEL)).asString(UTF_8).isEqualTo("0123");
  }

  @Test
  void aSourceThatKnowsNothingOfRangesIsReadAsOneStream() throws Exception {
    server.on(PATH, FILE);
    Source plain = new Plain(source());

    try (Fetch fetch = Fetch.open(plain, PARALLEL, Optional.empty())) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
    }
  }

  // Connections that break.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aConnectionThatBreaksIsReplacedByOneThatGoesOnWhereItBroke(int connections)
      throws Exception {
    Set<Integer> broken = ConcurrentHashMap.newKeySet();
    server.on(PATH, e -> breakOnce(e, broken));

    try (Fetch fetch = open(options(connections, 0))) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().received()).as("nothing again").isEqualTo(BYTES.length);
      assertThat(fetch.report().broken()).isPositive();
    }
  }

  /** Sends half of what is asked, the first time that it is. */
  private static void breakOnce(FaultyExchange e, Set<Integer> broken) throws IOException {
    FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
    if (asked.length() > PART / 2 && broken.add(asked.first() / PART)) {
      FILE.partHead(e, asked).body(BYTES, asked.first(), asked.length() / 2).reset();
    } else {
      FILE.play(e);
    }
  }

  @Test
  void aStreamOfAServerThatServesRangesAfterAllIsGoneOnWith() throws Exception {
    server.on(
        PATH,
        e -> {
          if (server.requests().size() == 1) {
            FILE.whole(e).body(BYTES, 0, 12345);
            e.reset();
          } else {
            FILE.play(e);
          }
        });

    try (Fetch fetch = open(SINGLE)) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().received()).isEqualTo(BYTES.length);
    }
  }

  @Test
  void aStreamThatCanNotBeGoneOnWithIsTruncated() throws Exception {
    server.on(PATH, e -> FILE.whole(e).body(BYTES, 0, 12345).reset());

    assertFails(Kind.TRUNCATED, () -> fetch(PARALLEL));

    assertThat(server.requests()).as("one try to go on").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSourceThatSendsNothingMoreIsGivenUpAfterSoManyTries(int connections) throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() == 0) {
            FILE.play(e);
          } else {
            FILE.partHead(e, asked).reset();
          }
        });
    FetchOptions options =
        new FetchOptions(connections, PART, 0, NEVER_ENOUGH, 2, 0, Duration.ofMinutes(1));

    try (Fetch fetch = open(options)) {
      assertFails(Kind.TRUNCATED, () -> readAll(fetch));
      assertThat(fetch.report().delivered()).isEqualTo(PART);
    }

    if (connections == 1) {
      assertThat(server.requests()).as("the first part, the rest, two tries").hasSize(4);
    }
  }

  @Test
  void aSourceThatMakesLittleProgressIsNotGivenUp() throws Exception {
    byte[] bytes = randomBytes(PART);
    FaultyServerFile file = new FaultyServerFile(bytes, V1);
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = file.asked(e).orElseThrow();
          int count = Math.min(asked.length(), PART / 7);
          file.partHead(e, asked).body(bytes, asked.first(), count).reset();
        });

    assertThat(fetch(new FetchOptions(1, PART, 0, NEVER_ENOUGH, 1, 0, Duration.ofMinutes(1))))
        .isEqualTo(bytes);
  }

  @Test
  void aSourceThatLetsInFewerConnectionsIsReadOverThose() throws Exception {
    AtomicInteger open = new AtomicInteger();
    server.on(
        PATH,
        e -> {
          if (open.incrementAndGet() > 2) {
            open.decrementAndGet();
            e.head(503, "Content-Length: 0");
            return;
          }
          FILE.play(e);
          e.flush();
          open.decrementAndGet();
        });

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);
  }

  @Test
  void rangesThatAreNoLongerServedToSeveralAreReadByOne() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          boolean isSecondPart = asked.first() == PART && asked.end() == 2 * PART;
          if (isSecondPart) {
            refused.countDown();
            FILE.whole(e).body(BYTES);
          } else {
            FILE.play(e);
          }
        });

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);

    assertThat(refused.getCount()).isZero();
    assertThat(server.requests())
        .as("from the second part to the end")
        .anyMatch(head -> head.contains("Range: bytes=100000-1004320\r\n"));
  }

  // Lies.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anotherVersionHalfWayIsFoundOut(int connections) throws Exception {
    FaultyServerFile other = new FaultyServerFile(BYTES, V2);
    server.on(
        PATH,
        e -> {
          boolean late =
              connections == 1
                  ? server.requests().size() > 2
                  : FILE.asked(e).orElseThrow().first() >= 5 * PART;
          // Whatever If-Range says: the answer tells what it is.
          if (late) {
            other.partHead(e, FILE.asked(e).orElseThrow()).reset();
          } else if (connections == 1 && server.requests().size() == 2) {
            FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
            FILE.partHead(e, asked).body(BYTES, asked.first(), 5 * PART).reset();
          } else {
            FILE.play(e);
          }
        });

    assertFails(Kind.CHANGED, () -> fetch(options(connections, 0)));
  }

  @Test
  void aPartOfAnotherLengthIsFoundOut() throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() < 3 * PART) {
            FILE.play(e);
          } else {
            e.head(
                    206,
                    "Content-Range: bytes %d-%d/%d"
                        .formatted(asked.first(), asked.end() - 1, 2 * BYTES.length),
                    "ETag: " + V1)
                .body(BYTES, asked.first(), asked.length());
          }
        });

    assertFails(Kind.CHANGED, () -> fetch(PARALLEL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPartThatIsTooLongIsFoundOut(int connections) throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() < PART) {
            FILE.play(e);
          } else {
            FILE.partHead(e, asked).body(BYTES, asked.first(), asked.length()).raw("more");
          }
        });

    assertFails(Kind.OVERLONG, () -> fetch(options(connections, 0)));
  }

  @Test
  void aPartThatIsGoneIsGone() throws Exception {
    server.on(
        PATH,
        e -> {
          if (FILE.asked(e).orElseThrow().first() < 3 * PART) {
            FILE.play(e);
          } else {
            e.head(404, "Content-Length: 0");
          }
        });

    assertFails(Kind.NOT_FOUND, () -> fetch(PARALLEL));
  }

  // Sources that want to be left alone.

  @Test
  void aSourceThatAsksForAShortWaitGetsIt() throws Exception {
    AtomicInteger busy = new AtomicInteger();
    server.on(
        PATH,
        e -> {
          if (FILE.asked(e).orElseThrow().first() > 0 && busy.getAndIncrement() == 0) {
            e.head(503, "Retry-After: 1", "Content-Length: 0");
          } else {
            FILE.play(e);
          }
        });
    long before = System.nanoTime();

    assertThat(fetch(SINGLE)).isEqualTo(BYTES);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSourceThatAsksForALongWaitIsLeftToALaterAttempt(int connections) throws Exception {
    server.on(
        PATH,
        e -> {
          if (FILE.asked(e).orElseThrow().first() == 0) {
            FILE.play(e);
          } else {
            e.head(429, "Retry-After: 600", "Content-Length: 0");
          }
        });

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> fetch(options(connections, 0)));

    assertThat(e.retryAfter()).contains(Duration.ofMinutes(10));
  }

  @Test
  void theFirstRequestIsNotTriedAgain() {
    server.on(PATH, e -> e.head(503, "Content-Length: 0"));

    assertFails(Kind.UNAVAILABLE, () -> open(PARALLEL));

    assertThat(server.requests()).hasSize(1);
  }

  // Slowness.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSourceThatDripsIsTooSlow(int connections) throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          FILE.partHead(e, asked)
              .drip(Arrays.copyOfRange(BYTES, asked.first(), asked.end()), 1, Duration.ofMillis(5));
        });
    FetchOptions options =
        new FetchOptions(connections, PART, 0, NEVER_ENOUGH, 3, 100_000, Duration.ofMillis(500));

    assertFails(Kind.TOO_SLOW, () -> fetch(options));
  }

  @Test
  void timeThatTheReaderTakesDoesNotCount() throws Exception {
    server.on(PATH, FILE);
    FetchOptions options =
        new FetchOptions(1, PART, 0, NEVER_ENOUGH, 3, 1000, Duration.ofMillis(200));

    try (Fetch fetch = open(options)) {
      int unused = fetch.read(ByteBuffer.allocate(1000));
      await().pollDelay(Duration.ofMillis(600)).until(() -> true);
      assertThat(readAll(fetch)).hasSize(BYTES.length - 1000);
    }
  }

  @Test
  void aSlowConnectionThatHoldsUpTheOthersIsReplaced() throws Exception {
    AtomicInteger slow = new AtomicInteger();
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() / PART == 5 && slow.getAndIncrement() == 0) {
            FILE.partHead(e, asked)
                .drip(
                    Arrays.copyOfRange(BYTES, asked.first(), asked.end()),
                    10,
                    Duration.ofMillis(50));
          } else {
            FILE.play(e);
          }
        });

    try (Fetch fetch = open(PARALLEL)) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().received()).isEqualTo(BYTES.length);
    }

    assertThat(slow.get()).isEqualTo(2);
  }

  // Going on with what was begun before.

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "4, 1", "4, 250000", "1, 250000", "4, 1004320", "4, 1004321"})
  void whatWasBegunIsGoneOnWith(int connections, int offset) throws Exception {
    server.on(PATH, FILE);

    try (Fetch fetch = open(options(connections, 0), from(offset, V1))) {
      assertThat(fetch.head().length()).hasValue(BYTES.length);
      assertThat(readAll(fetch)).isEqualTo(Arrays.copyOfRange(BYTES, offset, BYTES.length));
    }

    assertThat(server.requests()).allMatch(head -> head.contains("If-Range: \"v1\""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 250_000, 1_004_321})
  void whatHasChangedSinceIsNotGoneOnWith(int offset) {
    server.on(PATH, new FaultyServerFile(BYTES, V2));

    assertFails(Kind.CHANGED, () -> open(PARALLEL, from(offset, V1)));
  }

  @Test
  void whatHasShrunkSinceIsNotGoneOnWith() {
    server.on(PATH, new FaultyServerFile(Arrays.copyOf(BYTES, 1000), V1));

    assertFails(Kind.CHANGED, () -> open(PARALLEL, from(250_000, V1)));
  }

  @Test
  void whatIsNoLongerServedInRangesIsNotGoneOnWith() {
    server.on(PATH, e -> FILE.whole(e).body(BYTES));

    assertFails(Kind.RANGE_REFUSED, () -> open(PARALLEL, from(250_000, V1)));
  }

  // Giving up.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void closeEndsABlockedRead(int connections) throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          FILE.partHead(e, asked).body(BYTES, asked.first(), 1000).stall();
        });

    assertCloseEndsABlockedRead(open(options(connections, 0)), threads);
    await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void closeEndsAReadThatWaitsForAnAnswer(int connections) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.on(
        PATH,
        e -> {
          if (FILE.asked(e).orElseThrow().first() == 0) {
            FILE.play(e);
          } else {
            asked.countDown();
            e.stall();
          }
        });
    Fetch fetch = open(options(connections, 0));
    var reading = threads.submit(() -> assertFails(Kind.UNAVAILABLE, () -> readAll(fetch)));

    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    fetch.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
    await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
  }

  @Test
  void closeEndsAReadThatWaitsForAnotherTry() throws Exception {
    server.on(
        PATH,
        e -> {
          if (FILE.asked(e).orElseThrow().first() == 0) {
            FILE.play(e);
          } else {
            e.head(503, "Retry-After: 50", "Content-Length: 0");
          }
        });
    Fetch fetch = open(SINGLE);
    var reading = threads.submit(() -> assertFails(Kind.UNAVAILABLE, () -> readAll(fetch)));

    await().until(() -> server.requests().size() == 2);
    fetch.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aClosedFetchGivesNothingMore() throws Exception {
    server.on(PATH, FILE);
    for (FetchOptions options : List.of(SINGLE, PARALLEL)) {
      Fetch fetch = open(options);
      int unused = fetch.read(ByteBuffer.allocate(1000));

      fetch.close();
      fetch.close();

      assertFails(Kind.UNAVAILABLE, () -> readAll(fetch));
    }
  }

  @Test
  void optionsHaveBounds() {
    Duration window = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FetchOptions(0, 1, 1, 1, 1, 1, window));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FetchOptions(1, 0, 1, 1, 1, 1, window));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FetchOptions(1, 1, 1, 1, -1, 1, window));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FetchOptions(1, 1, 1, 1, 1, 1, Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Fetch.From(11, V1, OptionalLong.of(10)));
  }

  /** A source whose author has not heard of ranges. */
  private record Plain(Source source) implements Source {

    @Override
    public SourceBody open() throws SourceException, InterruptedException {
      return source.open();
    }

    @Override
    public String describe() {
      return source.describe();
    }
  }

  private static Optional<Fetch.From> from(long offset, String validator) {
    return Optional.of(new Fetch.From(offset, validator, OptionalLong.of(BYTES.length)));
  }

  private Source source() throws SourceException {
    return new WebSource(server.url(PATH), client);
  }

  private Fetch open(FetchOptions options) throws Exception {
    return open(options, Optional.empty());
  }

  private Fetch open(FetchOptions options, Optional<Fetch.From> from) throws Exception {
    return Fetch.open(source(), options, from);
  }

  private byte[] fetch(FetchOptions options) throws Exception {
    try (Fetch fetch = open(options)) {
      return readAll(fetch);
    }
  }

  private static byte[] read(SourceBody body, int buffer) throws SourceException {
    return WebSourceTest.readAll(body, ByteBuffer.allocateDirect(buffer));
  }

  private static FetchOptions options(int connections, long parallelFrom) {
    return new FetchOptions(
        connections, PART, parallelFrom, NEVER_ENOUGH, 3, 1000, Duration.ofSeconds(30));
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
