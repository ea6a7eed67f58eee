package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.source.policy.ScriptedNames;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.testing.TestTls;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Sources that lead to a forbidden address. The forbidden server is at 127.0.0.2; only the address
 * policy prevents a connection to it.
 */
final class AddressCases {

  private static final String FORBIDDEN = "127.0.0.2";
  private static final String HOST = "images.example.org";

  private AddressCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.ADDRESS,
            "private address",
            "The URL has a forbidden address.",
            bed -> {
              FaultyServer forbidden = forbidden(bed, 0);
              return run(bed, forbidden.url("/disk"), bed.client());
            },
            untouched(Expectation.failed(Reason.SOURCE_BLOCKED))),
        redirected(
            "redirect loop",
            "Two paths redirect to each other.",
            (bed, forbidden) -> {
              bed.server().on("/disk", exchange -> exchange.head(302, "Location: /other"));
              bed.server().on("/other", exchange -> exchange.head(302, "Location: /disk"));
            },
            Expectation.failed(Reason.REDIRECT_REFUSED).messageContains("loop")),
        redirected(
            "endless redirects",
            "Every redirect leads to a new path.",
            (bed, forbidden) -> {
              for (int i = 0; i < 100; i++) {
                String location = "Location: /" + (i + 1);
                bed.server().on(i == 0 ? "/disk" : "/" + i, e -> e.head(302, location));
              }
            },
            Expectation.failed(Reason.REDIRECT_REFUSED)
                .and(
                    "at most 11 requests",
                    (bed, outcome) ->
                        bed.server().requests().size() <= 11
                            ? Optional.empty()
                            : Optional.of(bed.server().requests().size() + " requests were sent"))),
        redirected(
            "redirect to a private address",
            "An allowed server redirects to a forbidden address.",
            (bed, forbidden) ->
                bed.server().on("/disk", e -> e.head(302, "Location: " + forbidden.url("/disk"))),
            Expectation.failed(Reason.SOURCE_BLOCKED)),
        redirected(
            "private address, IPv4-mapped",
            "A redirect has a forbidden address in IPv4-mapped IPv6 form.",
            (bed, forbidden) ->
                bed.server()
                    .on(
                        "/disk",
                        e ->
                            e.head(
                                302,
                                "Location: http://[::ffff:7f00:2]:" + forbidden.port() + "/disk")),
            Expectation.failed(Reason.SOURCE_BLOCKED)),
        redirected(
            "private address, decimal",
            "A redirect has a forbidden address as one decimal number, a form that some resolvers"
                + " accept.",
            (bed, forbidden) ->
                bed.server()
                    .on(
                        "/disk",
                        e -> e.head(302, "Location: http://2130706434:" + forbidden.port() + "/")),
            Expectation.failed(Reason.REDIRECT_REFUSED)),
        redirected(
            "redirect to a file",
            "The server redirects to file:///etc/passwd.",
            (bed, forbidden) ->
                bed.server().on("/disk", e -> e.head(302, "Location: file:///etc/passwd")),
            Expectation.failed(Reason.REDIRECT_REFUSED)),
        new Case(
            Group.ADDRESS,
            "redirect from https to http",
            "An https server redirects to plain http.",
            AddressCases::outOfTls,
            Expectation.failed(Reason.REDIRECT_REFUSED)
                .and(
                    "no request over http",
                    (bed, outcome) ->
                        bed.server().connections() == 0
                            ? Optional.empty()
                            : Optional.of("a request was sent over http"))),
        new Case(
            Group.ADDRESS,
            "DNS changes before the connection",
            "The name resolves to an allowed address for the check and to a forbidden one, with the"
                + " same open port, for each later lookup.",
            AddressCases::rebound,
            untouched(Expectation.stored())),
        new Case(
            Group.ADDRESS,
            "DNS changes before a redirect",
            "The name resolves to an allowed address for the first request, and to a forbidden one"
                + " after a redirect to the same name.",
            AddressCases::reboundBetweenRequests,
            untouched(Expectation.failed(Reason.SOURCE_BLOCKED))),
        new Case(
            Group.ADDRESS,
            "DNS with two addresses",
            "The name resolves to an allowed and a forbidden address.",
            bed -> {
              int port = serving(bed, forbidden(bed, bed.server().port()));
              WebClient client =
                  client(bed, new ScriptedNames().answer(HOST, "127.0.0.1", FORBIDDEN));
              return run(bed, "http://" + HOST + ":" + port + "/disk", client);
            },
            untouched(Expectation.failed(Reason.SOURCE_BLOCKED))),
        new Case(
            Group.ADDRESS,
            "secret in the query",
            "The URL has a token in its query, and the server answers 403.",
            bed -> {
              bed.server().on("/disk", exchange -> exchange.head(403));
              return run(bed, bed.server().url("/disk?token=hunter2"), bed.client());
            },
            Expectation.failed(Reason.SOURCE_FORBIDDEN).without("hunter2", "the token")));
  }

  private interface Arrangement {
    void make(TestBed bed, FaultyServer forbidden) throws IOException;
  }

  private static Case redirected(
      String name, String done, Arrangement arrangement, Expectation expectation) {
    return new Case(
        Group.ADDRESS,
        name,
        done,
        bed -> {
          arrangement.make(bed, forbidden(bed, 0));
          return bed.run(bed.importOf("/disk"));
        },
        untouched(expectation));
  }

  private static Outcome outOfTls(TestBed bed) throws Exception {
    SSLContext tls = TestTls.create(bed.directory("tls"));
    FaultyServer secure = bed.closing(FaultyServer.startTls(tls));
    String location = "Location: " + bed.server().url("/disk");
    secure.on("/disk", exchange -> exchange.head(302, location));
    WebClient client = bed.closing(new WebClient(TestBed.limits(), TestBed.POLICY, tls));
    return run(bed, secure.url("/disk"), client);
  }

  private static Outcome rebound(TestBed bed) throws Exception {
    int port = serving(bed, forbidden(bed, bed.server().port()));
    ScriptedNames names = new ScriptedNames().answer(HOST, "127.0.0.1").answer(HOST, FORBIDDEN);
    return run(bed, "http://" + HOST + ":" + port + "/disk", client(bed, names));
  }

  private static Outcome reboundBetweenRequests(TestBed bed) throws Exception {
    int port = serving(bed, forbidden(bed, bed.server().port()));
    bed.server().on("/first", exchange -> exchange.head(302, "Location: /disk"));
    ScriptedNames names = new ScriptedNames().answer(HOST, "127.0.0.1").answer(HOST, FORBIDDEN);
    return run(bed, "http://" + HOST + ":" + port + "/first", client(bed, names));
  }

  /** Serves the disk on both servers, which have the same port; returns the port. */
  private static int serving(TestBed bed, FaultyServer forbidden) {
    for (FaultyServer server : List.of(bed.server(), forbidden)) {
      server.on(
          "/disk", exchange -> exchange.head(200, "Content-Length: " + DISK.length).body(DISK));
    }
    return forbidden.port();
  }

  private static WebClient client(TestBed bed, ScriptedNames names) throws Exception {
    return bed.closing(names.client(TestBed.limits(), TestBed.POLICY));
  }

  private static Outcome run(TestBed bed, String url, WebClient client) throws IOException {
    return bed.run(bed.importOf(new WebSource(url, client)));
  }

  private static FaultyServer forbidden(TestBed bed, int port) throws IOException {
    return bed.other(FaultyServer.startAt(InetAddress.getByName(FORBIDDEN), port));
  }

  private static Expectation untouched(Expectation check) {
    return check.and(
        "no connection to the forbidden server",
        (bed, outcome) ->
            bed.others().stream().allMatch(server -> server.connections() == 0)
                ? Optional.empty()
                : Optional.of("there was a connection to the forbidden server"));
  }
}
