package dev.darkroom.source.fetch;

import static dev.darkroom.source.fetch.Bodies.assertCloseEndsABlockedRead;
import static dev.darkroom.source.fetch.Bodies.assertFails;
import static dev.darkroom.source.fetch.Bodies.randomBytes;
import static dev.darkroom.source.fetch.Bodies.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.testing.FaultyServerFile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest extends FetchScenario {

  // Bytes.

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "4, 1000", "64, 7", "2, 300000"})
  void theBytesComeInOrderOverAnyNumberOfConnections(int connections, int buffer) throws Exception {
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
  void aConnectionServesSeveralParts() throws Exception {
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
  void aSourceOfOnePartNeedsOneRequest(int size) throws Exception {
    byte[] bytes = randomBytes(size);
    server.on(PATH, new FaultyServerFile(bytes, V1));

    assertThat(fetch(PARALLEL)).isEqualTo(bytes);

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aSmallSourceIsReadOverOneConnection() throws Exception {
    server.on(PATH, FILE);

    assertThat(fetch(options(4, BYTES.length + 1))).isEqualTo(BYTES);

    assertThat(server.requests()).as("the first part and the rest").hasSize(2);
    assertThat(server.connections()).isEqualTo(1);
  }

  // Sources without ranges or validators.

  @Test
  void aServerThatIgnoresRangesIsReadAsOneStream() throws Exception {
    server.on(PATH, e -> FILE.whole(e).body(BYTES));

    assertThat(fetch(PARALLEL)).isEqualTo(BYTES);

    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aWrongFirstContentRangeLeadsToOneStream() throws Exception {
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
  void withoutAValidatorOneRequestFetchesAllBytes() throws Exception {
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
  void aSourceWithoutRangesIsReadAsOneStream() throws Exception {
    server.on(PATH, FILE);
    Source plain = new Plain(source());

    try (Fetch fetch = Fetch.open(plain, PARALLEL, Optional.empty())) {
      assertThat(readAll(fetch)).isEqualTo(BYTES);
    }
  }

  // Resumption.

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "4, 1", "4, 250000", "1, 250000", "4, 1004320", "4, 1004321"})
  void anEarlierFetchIsResumed(int connections, int offset) throws Exception {
    server.on(PATH, FILE);

    try (Fetch fetch = open(options(connections, 0), from(offset, V1))) {
      assertThat(fetch.head().length()).hasValue(BYTES.length);
      assertThat(readAll(fetch)).isEqualTo(Arrays.copyOfRange(BYTES, offset, BYTES.length));
    }

    assertThat(server.requests()).allMatch(head -> head.contains("If-Range: \"v1\""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 250_000, 1_004_321})
  void aChangedSourceIsNotResumed(int offset) {
    server.on(PATH, new FaultyServerFile(BYTES, V2));

    assertFails(Kind.CHANGED, () -> open(PARALLEL, from(offset, V1)));
  }

  @Test
  void aShorterSourceIsNotResumed() {
    server.on(PATH, new FaultyServerFile(Arrays.copyOf(BYTES, 1000), V1));

    assertFails(Kind.CHANGED, () -> open(PARALLEL, from(250_000, V1)));
  }

  @Test
  void aSourceThatStoppedServingRangesIsNotResumed() {
    server.on(PATH, e -> FILE.whole(e).body(BYTES));

    assertFails(Kind.RANGE_REFUSED, () -> open(PARALLEL, from(250_000, V1)));
  }

  // Closes.

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void closeEndsABlockedRead(int connections) throws Exception {
    serve(
        asked -> true,
        (e, asked) -> FILE.partHead(e, asked).body(BYTES, asked.first(), 1000).stall());

    assertCloseEndsABlockedRead(open(options(connections, 0)), threads);
    await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void closeEndsAReadThatWaitsForAnAnswer(int connections) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    serve(
        range -> range.first() > 0,
        (e, range) -> {
          asked.countDown();
          e.stall();
        });
    Fetch fetch = open(options(connections, 0));
    var reading = threads.submit(() -> assertFails(Kind.UNAVAILABLE, () -> readAll(fetch)));

    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    fetch.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
    await().untilAsserted(() -> assertThat(client.openConnections()).isZero());
  }

  @Test
  void closeEndsAReadThatWaitsForARetry() throws Exception {
    serve(
        asked -> asked.first() > 0,
        (e, asked) -> e.head(503, "Retry-After: 50", "Content-Length: 0"));
    Fetch fetch = open(SINGLE);
    var reading = threads.submit(() -> assertFails(Kind.UNAVAILABLE, () -> readAll(fetch)));

    await().until(() -> server.requests().size() == 2);
    fetch.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aReadOfAClosedFetchFails() throws Exception {
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

  /** A source that does not implement ranges. */
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
}
