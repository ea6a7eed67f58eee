package dev.darkroom.source.fetch;

import static dev.darkroom.source.fetch.Bodies.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a fetch uses more than one connection. */
class FetchPaceTest extends FetchScenario {

  private static final Pattern TO_THE_END =
      Pattern.compile("Range: bytes=" + PART + "-(" + (BYTES.length - 1) + ")?\r\n");

  /** Whether a second request came for a part that is being sent. */
  private final AtomicBoolean helped = new AtomicBoolean();

  @Test
  void oneFastConnectionIsEnough() throws Exception {
    server.on(PATH, FILE);

    assertThat(fetchAtAPace(1)).isEqualTo(BYTES);

    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1)).containsPattern(TO_THE_END);
  }

  @Test
  void aSlowFirstPartStartsFurtherConnections() throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() == 0) {
            dripUntilFurtherConnections(e, asked);
          } else {
            helped.set(true);
            FILE.play(e);
          }
        });

    assertThat(fetchAtAPace(1L << 40)).isEqualTo(BYTES);

    assertThat(helped).isTrue();
    assertThat(server.requests()).as("one for each part").hasSize(11);
  }

  @Test
  void aConnectionThatBecomesSlowStartsFurtherConnections() throws Exception {
    server.on(
        PATH,
        e -> {
          FaultyServerFile.Asked asked = FILE.asked(e).orElseThrow();
          if (asked.first() == PART && asked.end() == BYTES.length) {
            dripUntilFurtherConnections(e, asked);
          } else {
            helped.set(asked.first() > PART);
            FILE.play(e);
          }
        });

    // The first part is as fast as this on every machine; the drip is not.
    assertThat(fetchAtAPace(200_000)).isEqualTo(BYTES);

    assertThat(helped).isTrue();
    assertThat(server.connections()).isBetween(3, 4 + 1);
  }

  @Test
  void requestedAndUnstoredBytesAreAtMostAPartPerConnection() throws Exception {
    AtomicInteger askedUpTo = new AtomicInteger();
    server.on(
        PATH,
        e -> {
          askedUpTo.accumulateAndGet(FILE.asked(e).orElseThrow().end(), Math::max);
          FILE.play(e);
        });
    ByteBuffer some = ByteBuffer.allocate(PART / 10);

    int position = 0;
    try (Fetch fetch = atAPace(FetchOptions.NEVER_ENOUGH)) {
      while (fetch.read(some.clear()) >= 0) {
        position += some.position();
        // Gives premature requests the time to be sent.
        TimeUnit.MILLISECONDS.sleep(3);
        assertThat(askedUpTo.get())
            .as("at %d", position)
            .isLessThanOrEqualTo(Math.max(0, position - PART * 3 / 4) + 4 * PART);
      }
    }

    assertThat(position).isEqualTo(BYTES.length);
    assertThat(server.connections()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "49, 0, false",
    "50, 0, true",
    "50, 49999, true",
    "50, 50000, false",
    "1000, 1000000, false",
    "1000, 999999, true"
  })
  void isSlowWhenFewerBytesCameThanInTheTimeThatWasWaited(int millis, int bytes, boolean slow) {
    SpeedProbe pace = new SpeedProbe(1_000_000);

    pace.waited(TimeUnit.MILLISECONDS.toNanos(millis), bytes);

    assertThat(pace.isSlow()).isEqualTo(slow);
  }

  @Test
  void aBriefLaterPauseIsNotSlow() {
    SpeedProbe pace = new SpeedProbe(1_000_000);
    pace.waited(TimeUnit.MILLISECONDS.toNanos(50), 50_000);

    pace.waited(TimeUnit.MILLISECONDS.toNanos(999), 0);
    assertThat(pace.isSlow()).isFalse();

    pace.waited(TimeUnit.MILLISECONDS.toNanos(1), 0);
    assertThat(pace.isSlow()).isTrue();
  }

  @Test
  void neverEnoughIsSlowFromTheBeginning() {
    assertThat(new SpeedProbe(FetchOptions.NEVER_ENOUGH).isSlow()).isTrue();
  }

  private void dripUntilFurtherConnections(FaultyExchange exchange, FaultyServerFile.Asked asked)
      throws IOException {
    FaultyExchange answer = FILE.partHead(exchange, asked);
    int sent = asked.first();
    while (!helped.get() && sent < asked.end()) {
      answer.drip(Arrays.copyOfRange(BYTES, sent, sent + 10), 10, Duration.ofMillis(5));
      sent += 10;
    }
    answer.body(BYTES, sent, asked.end() - sent);
  }

  private byte[] fetchAtAPace(long fastBytesPerSecond) throws Exception {
    try (Fetch fetch = atAPace(fastBytesPerSecond)) {
      return readAll(fetch);
    }
  }

  private Fetch atAPace(long fastBytesPerSecond) throws Exception {
    FetchOptions options =
        new FetchOptions(4, PART, 0, fastBytesPerSecond, 3, 0, Duration.ofSeconds(30));
    return open(options);
  }
}
