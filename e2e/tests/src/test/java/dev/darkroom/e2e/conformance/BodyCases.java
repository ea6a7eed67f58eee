package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Qcow2Image;
import dev.darkroom.testing.FaultyExchange;
import dev.darkroom.testing.FaultyServer.Script;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Web servers that send less, more, other things, too slowly, or nothing. */
final class BodyCases {

  private static final int HALF = DISK.length / 2;

  private BodyCases() {}

  static List<Case> all() {
    return List.of(
        of(
            "truncation, length known",
            "The server announces 3 MB and closes the connection after half of them.",
            exchange -> exchange.head(200, length()).body(Bytes.first(HALF, DISK)),
            Check.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "truncation, chunked",
            "A chunked body of no announced length ends without its last chunk.",
            exchange ->
                exchange
                    .head(200, "Transfer-Encoding: chunked")
                    .chunk(new String(Bytes.first(HALF, DISK), StandardCharsets.ISO_8859_1)),
            Check.failed(Reason.SOURCE_TRUNCATED)),
        new Case(
            Group.BODY,
            "truncation, no length, checksum",
            "The server announces nothing and closes the connection half-way, which is the end of"
                + " a body in HTTP/1.0; a checksum was asked for.",
            world -> {
              world.server().on("/disk", exchange -> exchange.head(200).body(first()));
              return world.bring(world.importOf("/disk").checksum(Optional.of(World.checksum())));
            },
            Check.failed(Reason.CHECKSUM_MISMATCH)),
        new Case(
            Group.BODY,
            "truncation, no length, no checksum",
            "The same, with a qcow2 and without a checksum: only the image knows how long it is.",
            BodyCases::halfAQcow2,
            Check.failed(Reason.SIZE_MISMATCH)),
        of(
            "reset half-way",
            "The connection is broken by a TCP reset after half of the body.",
            exchange -> exchange.head(200, length()).body(first()).reset(),
            Check.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "silence half-way",
            "After half of the body nothing comes any more, and the connection stays open.",
            exchange -> exchange.head(200, length()).body(first()).stall(),
            Check.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "no answer at all",
            "The server takes the request and says nothing.",
            exchange -> exchange.stall(),
            Check.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "slow-loris, in the head",
            "Header lines come one every 50 ms, for ever.",
            BodyCases::dripHead,
            Check.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "more than announced",
            "The server announces 1000 bytes of a disk and sends 3 MB.",
            exchange -> exchange.head(200, "Content-Length: 1000").body(DISK),
            Check.failed(Reason.SIZE_MISMATCH)),
        of(
            "nothing",
            "The server announces 0 bytes.",
            exchange -> exchange.head(200, "Content-Length: 0"),
            Check.failed(Reason.SIZE_MISMATCH)),
        of(
            "two lengths",
            "One answer has two different Content-Length headers.",
            exchange -> exchange.head(200, length(), "Content-Length: 1000").body(DISK),
            Check.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "a coding nobody asked for",
            "The body comes with Content-Encoding: gzip, so that its checksum is not the disk's.",
            exchange -> exchange.head(200, length(), "Content-Encoding: gzip").body(DISK),
            Check.failed(Reason.INVALID_SOURCE)),
        of(
            "a page to sign in at",
            "The server answers 200 with an HTML page where a raw disk was declared.",
            exchange ->
                exchange
                    .head(200, "Content-Type: text/html")
                    .raw("<!DOCTYPE html><html><title>Sign in</title></html>"),
            Check.failed(Reason.UNKNOWN_FORMAT).saying("HTML")),
        of(
            "404",
            "There is no such thing.",
            exchange -> exchange.head(404, "Content-Length: 0"),
            Check.failed(Reason.SOURCE_NOT_FOUND)),
        of(
            "403",
            "The server does not let us.",
            exchange -> exchange.head(403, "Content-Length: 0"),
            Check.failed(Reason.SOURCE_FORBIDDEN)),
        of(
            "503 with Retry-After",
            "The server asks to be left alone for 7 seconds.",
            exchange -> exchange.head(503, "Retry-After: 7", "Content-Length: 0"),
            Check.failed(Reason.SOURCE_UNAVAILABLE)
                .and(
                    "to be tried again after 7 s",
                    (world, outcome) ->
                        outcome instanceof Outcome.Failed failed
                                && failed
                                    .failure()
                                    .retryAfter()
                                    .map(d -> d.toSeconds())
                                    .equals(Optional.of(7L))
                            ? Optional.empty()
                            : Optional.of("it does not know of the 7 s"))));
  }

  private static Case of(String name, String done, Script script, Check expectation) {
    return new Case(
        Group.BODY,
        name,
        done,
        world -> {
          world.server().on("/disk", script);
          return world.bring(world.importOf("/disk"));
        },
        expectation);
  }

  private static Outcome halfAQcow2(World world) throws Exception {
    byte[] image = Qcow2Image.v3(1 << 30).bytes();
    byte[] half = Arrays.copyOf(image, image.length / 2);
    world.server().on("/disk", exchange -> exchange.head(200).body(half));
    return world.bring(world.importOf("/disk").declaredFormat(Optional.of(DiskFormat.QCOW2)));
  }

  private static void dripHead(FaultyExchange exchange) throws IOException {
    byte[] lines = "X-Drip: 0\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    exchange.raw("HTTP/1.1 200 OK\r\n").drip(lines, 11, Duration.ofMillis(50));
  }

  private static byte[] first() {
    return Bytes.first(HALF, DISK);
  }

  private static String length() {
    return "Content-Length: " + DISK.length;
  }
}
