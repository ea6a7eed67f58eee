package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

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

/**
 * Web servers that serve ranges, or say that they do. All are asked for parts of 256 KiB over four
 * connections.
 */
final class PartCases {

  private static final int FIFTH = 5;
  private static final FaultyServerFile FILE = new FaultyServerFile(DISK, "\"one\"");

  /** The same length, another version. */
  private static final FaultyServerFile OTHER =
      new FaultyServerFile(Bytes.inverted(DISK), "\"two\"");

  private PartCases() {}

  static List<Case> all() {
    return List.of(
        of(
            "a server as it should be",
            "Ranges are served by RFC 9110.",
            FILE,
            Check.stored()
                .and(
                    "in at least 12 parts",
                    (world, outcome) ->
                        world.server().requests().size() >= 12
                            ? Optional.empty()
                            : Optional.of("there were " + world.server().requests().size()))),
        of(
            "200 to every Range",
            "The server ignores Range and sends everything, each time.",
            exchange -> FILE.whole(exchange).body(DISK),
            Check.stored()),
        of(
            "200 to later Ranges",
            "The server serves the first part and sends everything when asked for the fifth.",
            fifth((exchange, asked) -> FILE.whole(exchange).body(DISK)),
            Check.stored()),
        of(
            "wrong Content-Range",
            "The fifth part says that it is another one, and is.",
            fifth((exchange, asked) -> part(exchange, asked, asked.first() + 1000, DISK.length)),
            Check.stored()),
        of(
            "wrong Content-Range, always",
            "Every part but the first says that it is another one, and is.",
            exchange -> {
              Optional<Asked> asked = FILE.asked(exchange);
              play(
                  exchange,
                  asked.map(Asked::first).orElse(0) > 0,
                  (to, range) -> part(to, range, range.first() - 1000, DISK.length));
            },
            Check.failed(Reason.SOURCE_CHANGED)),
        of(
            "wrong length in Content-Range",
            "The fifth part says that the whole is a byte longer.",
            fifth((exchange, asked) -> part(exchange, asked, asked.first(), DISK.length + 1)),
            Check.failed(Reason.SOURCE_CHANGED)),
        of(
            "no Content-Range",
            "The fifth part comes as 206 without saying which it is.",
            fifth(
                (exchange, asked) ->
                    exchange
                        .head(206, "Content-Length: " + asked.length(), "ETag: \"one\"")
                        .body(DISK, asked.first(), asked.length())),
            Check.stored()),
        of(
            "wrong bytes, all else right",
            "The fifth part is said to be itself and has the bytes of the first; a checksum was"
                + " asked for.",
            fifth(
                (exchange, asked) -> FILE.partHead(exchange, asked).body(DISK, 0, asked.length())),
            Check.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "ETag changes, honestly",
            "From the fifth request on there is another version, and ranges of the old one are"
                + " answered with all of the new one.",
            fromFifth(OTHER),
            Check.failed(Reason.SOURCE_CHANGED)),
        of(
            "ETag changes, If-Range ignored",
            "From the fifth request on parts of another version come, with its ETag.",
            fromFifth(
                exchange -> {
                  Asked asked = FILE.asked(exchange).orElseThrow();
                  OTHER
                      .partHead(exchange, asked)
                      .body(Bytes.inverted(DISK), asked.first(), asked.length());
                }),
            Check.failed(Reason.SOURCE_CHANGED)),
        of(
            "bytes change, ETag stays",
            "From the fifth request on parts of another version come under the old ETag; a checksum"
                + " was asked for.",
            fromFifth(new FaultyServerFile(Bytes.inverted(DISK), "\"one\"")),
            Check.failed(Reason.CHECKSUM_MISMATCH)),
        of(
            "reset mid-part",
            "Every third connection is reset in the middle of its part.",
            everyThird(
                (exchange, asked) ->
                    FILE.partHead(exchange, asked)
                        .body(DISK, asked.first(), asked.length() / 2)
                        .reset()),
            Check.stored()),
        of(
            "truncation mid-part",
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
            Check.stored()),
        of(
            "the same part always breaks",
            "Whoever asks for bytes behind the first million gets a reset without a byte.",
            exchange -> {
              if (FILE.asked(exchange).orElseThrow().first() > 1_000_000) {
                exchange.reset();
              } else {
                FILE.play(exchange);
              }
            },
            Check.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "slow-loris, in a part",
            "The fifth part drips, ten bytes at a time, ten times a second; 1 KiB/s is the least"
                + " that a source must give.",
            fifth(
                (exchange, asked) ->
                    FILE.partHead(exchange, asked)
                        .drip(Bytes.from(asked.first(), DISK), 10, Duration.ofMillis(100))),
            Check.failed(Reason.SOURCE_TOO_SLOW)),
        of(
            "slow-loris, in one stream",
            "The server serves no ranges, and drips.",
            exchange ->
                exchange
                    .head(200, "Content-Length: " + DISK.length)
                    .drip(DISK, 10, Duration.ofMillis(100)),
            Check.failed(Reason.SOURCE_TOO_SLOW)),
        of(
            "416 to a part",
            "The server says that there is no fifth part.",
            fifth(
                (exchange, asked) ->
                    exchange.head(416, "Content-Range: bytes */1000", "Content-Length: 0")),
            Check.failed(Reason.SOURCE_CHANGED)),
        of(
            "404 to a part",
            "The thing is gone when the fifth part is asked for.",
            fromFifth(exchange -> exchange.head(404, "Content-Length: 0")),
            Check.failed(Reason.SOURCE_NOT_FOUND)),
        of(
            "503 to a part",
            "The fifth part is answered with 503 once.",
            fifth((exchange, asked) -> exchange.head(503, "Content-Length: 0")),
            Check.stored()));
  }

  private interface Answer {
    void give(FaultyExchange exchange, Asked asked) throws IOException;
  }

  /** The request of that number is answered so, all others as they should be. */
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

  /** A part that claims to begin there and to be of so much. */
  private static void part(FaultyExchange exchange, Asked asked, int first, int whole)
      throws IOException {
    exchange
        .head(206, "Content-Length: " + asked.length(), range(first, asked, whole), "ETag: \"one\"")
        .body(DISK, Math.min(first, DISK.length - asked.length()), asked.length());
  }

  private static String range(int first, Asked asked, int whole) {
    return "Content-Range: bytes %d-%d/%d".formatted(first, first + asked.length() - 1, whole);
  }

  private static Case of(String name, String done, Script script, Check expectation) {
    return new Case(Group.PART, name, done, world -> bring(world, script), expectation);
  }

  private static Outcome bring(World world, Script script) throws Exception {
    world.server().on("/disk", script);
    return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum())));
  }
}
