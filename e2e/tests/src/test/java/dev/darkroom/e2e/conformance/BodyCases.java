package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

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

/** Web servers with a body that is short, long, slow, wrong or missing. */
final class BodyCases {

  private static final int HALF = DISK.length / 2;

  private BodyCases() {}

  static List<Case> all() {
    return List.of(
        of(
            "truncation, length known",
            "The server announces 3 MB and closes the connection after half.",
            exchange -> exchange.head(200, length()).body(TestBytes.first(HALF, DISK)),
            Expectation.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "truncation, chunked",
            "A chunked body ends without its last chunk.",
            exchange ->
                exchange
                    .head(200, "Transfer-Encoding: chunked")
                    .chunk(new String(TestBytes.first(HALF, DISK), StandardCharsets.ISO_8859_1)),
            Expectation.failed(Reason.SOURCE_TRUNCATED)),
        new Case(
            Group.BODY,
            "truncation, no length, checksum",
            "Without a length, the server closes the connection after half: a regular end of the"
                + " body in HTTP/1.0. The import has a checksum.",
            bed -> {
              bed.server().on("/disk", exchange -> exchange.head(200).body(first()));
              return bed.run(bed.importOf("/disk").checksum(Optional.of(TestBed.checksum())));
            },
            Expectation.failed(Reason.CHECKSUM_MISMATCH)),
        new Case(
            Group.BODY,
            "truncation, no length, no checksum",
            "The same with a qcow2 and no checksum: only the image format reveals the missing"
                + " bytes.",
            BodyCases::halfAQcow2,
            Expectation.failed(Reason.SIZE_MISMATCH)),
        of(
            "reset after half",
            "A TCP reset follows half of the body.",
            exchange -> exchange.head(200, length()).body(first()).reset(),
            Expectation.failed(Reason.SOURCE_TRUNCATED)),
        of(
            "stall after half",
            "After half of the body no bytes arrive, and the connection stays open.",
            exchange -> exchange.head(200, length()).body(first()).stall(),
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "no response",
            "The server accepts the request and sends nothing.",
            exchange -> exchange.stall(),
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "slow response header",
            "One header line arrives every 50 ms, without end.",
            BodyCases::dripHead,
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "more than announced",
            "The server announces 1000 bytes of a disk and sends 3 MB.",
            exchange -> exchange.head(200, "Content-Length: 1000").body(DISK),
            Expectation.failed(Reason.SIZE_MISMATCH)),
        of(
            "nothing",
            "The server announces 0 bytes.",
            exchange -> exchange.head(200, "Content-Length: 0"),
            Expectation.failed(Reason.SIZE_MISMATCH)),
        of(
            "two lengths",
            "The response has two different Content-Length headers.",
            exchange -> exchange.head(200, length(), "Content-Length: 1000").body(DISK),
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)),
        of(
            "unrequested Content-Encoding",
            "The response has Content-Encoding: gzip, which was not requested.",
            exchange -> exchange.head(200, length(), "Content-Encoding: gzip").body(DISK),
            Expectation.failed(Reason.INVALID_SOURCE)),
        of(
            "sign-in page",
            "The server answers 200 with an HTML page; the import declares a raw disk.",
            exchange ->
                exchange
                    .head(200, "Content-Type: text/html")
                    .raw("<!DOCTYPE html><html><title>Sign in</title></html>"),
            Expectation.failed(Reason.UNKNOWN_FORMAT).messageContains("HTML")),
        of(
            "404",
            "The server answers 404.",
            exchange -> exchange.head(404, "Content-Length: 0"),
            Expectation.failed(Reason.SOURCE_NOT_FOUND)),
        of(
            "403",
            "The server answers 403.",
            exchange -> exchange.head(403, "Content-Length: 0"),
            Expectation.failed(Reason.SOURCE_FORBIDDEN)),
        of(
            "503 with Retry-After",
            "The server answers 503 with Retry-After: 7.",
            exchange -> exchange.head(503, "Retry-After: 7", "Content-Length: 0"),
            Expectation.failed(Reason.SOURCE_UNAVAILABLE)
                .and(
                    "retry after 7 s",
                    (bed, outcome) ->
                        outcome instanceof Outcome.Failed failed
                                && failed
                                    .failure()
                                    .retryAfter()
                                    .map(d -> d.toSeconds())
                                    .equals(Optional.of(7L))
                            ? Optional.empty()
                            : Optional.of("the delay of 7 s is missing"))));
  }

  private static Case of(String name, String done, Script script, Expectation expectation) {
    return new Case(
        Group.BODY,
        name,
        done,
        bed -> {
          bed.server().on("/disk", script);
          return bed.run(bed.importOf("/disk"));
        },
        expectation);
  }

  private static Outcome halfAQcow2(TestBed bed) throws Exception {
    byte[] image = Qcow2Image.v3(1 << 30).bytes();
    byte[] half = Arrays.copyOf(image, image.length / 2);
    bed.server().on("/disk", exchange -> exchange.head(200).body(half));
    return bed.run(bed.importOf("/disk").declaredFormat(Optional.of(DiskFormat.QCOW2)));
  }

  private static void dripHead(FaultyExchange exchange) throws IOException {
    byte[] lines = "X-Drip: 0\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    exchange.raw("HTTP/1.1 200 OK\r\n").drip(lines, 11, Duration.ofMillis(50));
  }

  private static byte[] first() {
    return TestBytes.first(HALF, DISK);
  }

  private static String length() {
    return "Content-Length: " + DISK.length;
  }
}
