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

/** Broken connections, wrong answers, waits that a source asks for, and slow sources. */
class FetchFailureTest extends FetchScenario {

  // Broken connections.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aBrokenConnectionIsReplacedFromItsLastByte(int connections) throws Exception {
    Set<Integer> broken = ConcurrentHashMap.newKeySet();
    server.on(PATH, e -> breakOnce(e, broken));

    try (Fetch fetch = open(options(connections, 0))) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().received()).as("no byte twice").isEqualTo(BYTES.length);
      assertThat(fetch.report().broken()).isPositive();
    }
  }

  /** Sends half of the range at the first request for it. */
  private static void breakOnce(FaultyExchange e, Set<Integer> broken) throws IOException {
    FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
    if (asked.length() > PART / 2 && broken.add(asked.first() / PART)) {
      FILE.partHead(e, asked).body(BYTES, asked.first(), asked.length() / 2).reset();
    } else {
      FILE.play(e);
    }
  }

  @Test
  void aBrokenStreamResumesWhenTheServerServesRanges() throws Exception {
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
  void aBrokenStreamWithoutRangesIsTruncated() throws Exception {
    server.on(PATH, e -> FILE.whole(e).body(BYTES, 0, 12345).reset());

    assertFails(Kind.TRUNCATED, () -> fetch(PARALLEL));

    assertThat(server.requests()).as("one try to resume").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSourceWithoutProgressFailsAfterTheConfiguredTries(int connections) throws Exception {
    serve(asked -> asked.first() > 0, (e, asked) -> FILE.partHead(e, asked).reset());
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
  void aSourceWithLittleProgressIsRetried() throws Exception {
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
  void aSourceThatAcceptsFewerConnectionsIsReadOverThose() throws Exception {
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
  void refusedParallelRangesAreReadSequentially() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    serve(
        asked -> asked.first() == PART && asked.end() == 2 * PART,
        (e, asked) -> {
          refused.countDown();
          FILE.whole(e).body(BYTES);
        });

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);

    assertThat(refused.getCount()).isZero();
    assertThat(server.requests())
        .as("from the second part to the end")
        .anyMatch(head -> head.contains("Range: bytes=100000-1004320\r\n"));
  }

  // Wrong answers.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anotherVersionInTheMiddleFails(int connections) throws Exception {
    FaultyServerFile other = new FaultyServerFile(BYTES, V2);
    server.on(
        PATH,
        e -> {
          boolean late =
              connections == 1
                  ? server.requests().size() > 2
                  : FILE.asked(e).orElseThrow().first() >= 5 * PART;
          // The answer has its own validator, for any If-Range.
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
  void aPartOfAnotherLengthFails() throws Exception {
    serve(
        asked -> asked.first() >= 3 * PART,
        (e, asked) ->
            e.head(
                    206,
                    "Content-Range: bytes %d-%d/%d"
                        .formatted(asked.first(), asked.end() - 1, 2 * BYTES.length),
                    "ETag: " + V1)
                .body(BYTES, asked.first(), asked.length()));

    assertFails(Kind.CHANGED, () -> fetch(PARALLEL));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anOverlongPartFails(int connections) throws Exception {
    serve(
        asked -> asked.first() >= PART,
        (e, asked) ->
            FILE.partHead(e, asked).body(BYTES, asked.first(), asked.length()).raw("more"));

    assertFails(Kind.OVERLONG, () -> fetch(options(connections, 0)));
  }

  @Test
  void aMissingPartFails() throws Exception {
    serve(asked -> asked.first() >= 3 * PART, (e, asked) -> e.head(404, "Content-Length: 0"));

    assertFails(Kind.NOT_FOUND, () -> fetch(PARALLEL));
  }

  // Waits that a source asks for.

  @Test
  void aShortRetryAfterIsObeyed() throws Exception {
    AtomicInteger busy = new AtomicInteger();
    serve(
        asked -> asked.first() > 0 && busy.getAndIncrement() == 0,
        (e, asked) -> e.head(503, "Retry-After: 1", "Content-Length: 0"));
    long before = System.nanoTime();

    assertThat(fetch(SINGLE)).isEqualTo(BYTES);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aLongRetryAfterEndsTheFetch(int connections) throws Exception {
    serve(
        asked -> asked.first() > 0,
        (e, asked) -> e.head(429, "Retry-After: 600", "Content-Length: 0"));

    SourceException e = assertFails(Kind.UNAVAILABLE, () -> fetch(options(connections, 0)));

    assertThat(e.retryAfter()).contains(Duration.ofMinutes(10));
  }

  @Test
  void theFirstRequestIsNotRetried() {
    server.on(PATH, e -> e.head(503, "Content-Length: 0"));

    assertFails(Kind.UNAVAILABLE, () -> open(PARALLEL));

    assertThat(server.requests()).hasSize(1);
  }

  // Slowness.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aDrippingSourceIsTooSlow(int connections) throws Exception {
    serve(asked -> true, (e, asked) -> drip(e, asked, 1, Duration.ofMillis(5)));
    FetchOptions options =
        new FetchOptions(connections, PART, 0, NEVER_ENOUGH, 3, 100_000, Duration.ofMillis(500));

    assertFails(Kind.TOO_SLOW, () -> fetch(options));
  }

  @Test
  void theReadersOwnTimeDoesNotCount() throws Exception {
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
  void aSlowConnectionThatDelaysTheOthersIsReplaced() throws Exception {
    AtomicInteger slow = new AtomicInteger();
    serve(
        asked -> asked.first() / PART == 5 && slow.getAndIncrement() == 0,
        (e, asked) -> drip(e, asked, 10, Duration.ofMillis(50)));

    try (Fetch fetch = open(PARALLEL)) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
      assertThat(fetch.report().received()).isEqualTo(BYTES.length);
    }

    assertThat(slow.get()).isEqualTo(2);
  }

  private static void drip(
      FaultyExchange e, FaultyServerFile.Asked asked, int atOnce, Duration pause)
      throws IOException {
    FILE.partHead(e, asked)
        .drip(Arrays.copyOfRange(BYTES, asked.first(), asked.end()), atOnce, pause);
  }
}
