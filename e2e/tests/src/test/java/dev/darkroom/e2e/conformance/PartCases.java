package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.testing.FaultyServerFile;
import dev.darkroom.testing.FaultyServerFile.Asked;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Web servers with or without ranges. Imports use parts of 256 KiB over four connections. */
final class PartCases {

  private static final int FIFTH = 5;
  private static final FaultyServerFile FILE = new FaultyServerFile(DISK, "\"one\"");

  /** Another version of the same length. */
  private static final FaultyServerFile OTHER =
      new FaultyServerFile(TestBytes.inverted(DISK), "\"two\"");

  private PartCases() {}

  static List<Case> all() {
    return List.of(
        of(
            "regular server",
            "The server serves ranges by RFC 9110.",
            FILE,
            Expectation.stored()
                .and(
                    "at least 12 requests",
                    (bed, outcome) ->
                        bed.server().requests().size() >= 12
                            ? Optional.empty()
                            : Optional.of("requests: " + bed.server().requests().size()))),
        of(
            "200 to every Range",
            "The server ignores Range and sends all bytes each time.",
            exchange -> FILE.whole(exchange).body(DISK),
            Expectation.stored()),
        of(
            "200 to later Ranges",
            "The server serves the first part, and sends all bytes for the fifth.",
            fifth((exchange, asked) -> FILE.whole(exchange).body(DISK)),
            Expectation.stored()),
        of(
            "wrong Content-Range",
            "The fifth response has another part, with its Content-Range.",
            fifth((exchange, asked) -> part(exchange, asked, asked.first() + 1000, DISK.length)),
            Expectation.stored()),
        of(
            "wrong Content-Range, always",
            "Every response after the first has another part, with its Content-Range.",
            exchange -> {
              Optional<Asked> asked = FILE.asked(exchange);
              play(
                  exchange,
                  asked.map(Asked::first).orElse(0) > 0,
                  (to, range) -> part(to, range, range.first() - 1000, DISK.length));
            },
            Expectation.failed(Reason.SOURCE_CHANGED)),
        of(
            "wrong length in Content-Range",
            "The fifth response has a total length that is one byte too large.",
            fifth((exchange, asked) -> part(exchange, asked, asked.first(), DISK.length + 1)),
            Expectation.failed(Reason.SOURCE_CHANGED)),
        of(
            "no Content-Range",
            "The fifth response is 206 without Content-Range.",
            fifth(
                (exchange, asked) ->
                    exchange
                        .head(206, "Content-Length: " + asked.length(), "ETag: \"one\"")
                        .body(DISK, asked.first(), asked.length())),
            Expectation.stored()),
        of(
            "wrong bytes, right headers",
            "The fifth response has the bytes of the first part under its own Content-Range. import"
                + " has a checksum.",
            fifth(
                (exchange, asked) -> FILE.partHead(exchange, asked).body(DISK, 0, asked.length())),
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "ETag changes, If-Range honoured",
            "From the fifth request on there is another version; a range with the old ETag gets"
                + " all bytes of the new version.",
            fromFifth(OTHER),
            Expectation.failed(Reason.SOURCE_CHANGED)),
        of(
            "ETag changes, If-Range ignored",
            "From the fifth request on the parts and the ETag are of another version.",
            fromFifth(
                exchange -> {
                  Asked asked = FILE.asked(exchange).orElseThrow();
                  OTHER
                      .partHead(exchange, asked)
                      .body(TestBytes.inverted(DISK), asked.first(), asked.length());
                }),
            Expectation.failed(Reason.SOURCE_CHANGED)),
        of(
            "bytes change, ETag stays",
            "From the fifth request on the parts are of another version, with the old ETag. The"
                + " import has a checksum.",
            fromFifth(new FaultyServerFile(TestBytes.inverted(DISK), "\"one\"")),
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "reset within a part",
            "Every third connection is reset in the middle of its part.",
            everyThird(
                (exchange, asked) ->
                    FILE.partHead(exchange, asked)
                        .body(DISK, asked.first(), asked.length() / 2)
                        .reset()),
            Expectation.stored()),
        of(
            "truncation within a part",
            "Every third connection is closed in the middle of its part.",
            everyThird(
                (exchange, asked) ->
                    exchange
                        .head(
                            206,
                            "Content-Length: " + asked.length(),
                            range(asked.first(), asked, DISK.length),
                            "ETag: \"one\"")
                        .body(DISK, asked.first(), asked.length() / 2)),
            Expectation.stored()),
        of(
            "one part always fails",
            "Each request for bytes after the first million is reset without a byte.",
            exchange -> {
              if (FILE.asked(exchange).orElseThrow().first() > 1_000_000) {
                exchange.reset();
              } else {
                FILE.play(exchange);
              }
            },
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "slow part",
            "The fifth part arrives at 100 bytes/s; the minimum is" + " 1 KiB/s.",
            fifth(
                (exchange, asked) ->
                    FILE.partHead(exchange, asked)
                        .drip(TestBytes.from(asked.first(), DISK), 10, Duration.ofMillis(100))),
            Expectation.failed(Reason.SOURCE_TOO_SLOW)),
        of(
            "slow body without ranges",
            "The server serves no ranges, and the body is below the minimum rate.",
            exchange ->
                exchange
                    .head(200, "Content-Length: " + DISK.length)
                    .drip(DISK, 10, Duration.ofMillis(100)),
            Expectation.failed(Reason.SOURCE_TOO_SLOW)),
        of(
            "416 to a part",
            "The server answers 416 to the fifth part.",
            fifth(
                (exchange, asked) ->
                    exchange.head(416, "Content-Range: bytes */1000", "Content-Length: 0")),
            Expectation.failed(Reason.SOURCE_CHANGED)),
        of(
            "404 to a part",
            "The server answers 404 from the fifth part on.",
            fromFifth(exchange -> exchange.head(404, "Content-Length: 0")),
            Expectation.failed(Reason.SOURCE_NOT_FOUND)),
        of(
            "503 to a part",
            "The server answers 503 once, to the fifth part.",
            fifth((exchange, asked) -> exchange.head(503, "Content-Length: 0")),
            Expectation.stored()));
  }

  private interface Answer {
    void give(FaultyExchange exchange, Asked asked) throws IOException;
  }

  /** Changes the fifth response; all others are regular. */
  private static Script fifth(Answer answer) {
    AtomicInteger count = new AtomicInteger();
    return exchange -> play(exchange, count.incrementAndGet() == FIFTH, answer);
  }

  private static Script everyThird(Answer answer) {
    AtomicInteger count = new AtomicInteger();
    return exchange -> play(exchange, count.incrementAndGet() % 3 == 0, answer);
  }

  private static Script fromFifth(Script then) {
    AtomicInteger count = new AtomicInteger();
    return exchange -> (count.incrementAndGet() < FIFTH ? FILE : then).play(exchange);
  }

  private static void play(FaultyExchange exchange, boolean faulty, Answer answer)
      throws IOException {
    Optional<Asked> asked = FILE.asked(exchange);
    if (faulty && asked.isPresent()) {
      answer.give(exchange, asked.get());
    } else {
      FILE.play(exchange);
    }
  }

  /** A part with this first byte and total length in its Content-Range. */
  private static void part(FaultyExchange exchange, Asked asked, int first, int whole)
      throws IOException {
    exchange
        .head(206, "Content-Length: " + asked.length(), range(first, asked, whole), "ETag: \"one\"")
        .body(DISK, Math.min(first, DISK.length - asked.length()), asked.length());
  }

  private static String range(int first, Asked asked, int whole) {
    return "Content-Range: bytes %d-%d/%d".formatted(first, first + asked.length() - 1, whole);
  }

  private static Case of(String name, String done, Script script, Expectation expectation) {
    return new Case(Group.PART, name, done, bed -> run(bed, script), expectation);
  }

  private static Outcome run(TestBed bed, Script script) throws Exception {
    bed.server().on("/disk", script);
    return bed.run(bed.importOf("/disk").checksum(Optional.of(TestBed.checksum())));
  }
}
