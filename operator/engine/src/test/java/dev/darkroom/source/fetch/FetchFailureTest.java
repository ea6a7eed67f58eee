package dev.darkroom.source.fetch;

import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.randomBytes;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static dev.darkroom.source.fetch.FetchOptions.NEVER_ENOUGH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break, sources that lie, and such as want to be left alone or are slow. */
class FetchFailureTest extends FetchScenario {

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
}
