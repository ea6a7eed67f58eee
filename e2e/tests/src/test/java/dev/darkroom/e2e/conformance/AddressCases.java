package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

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
 * Sources that lead to where they must not. What is forbidden here is a server at 127.0.0.2: an
 * address as any other, which only the policy keeps from being asked.
 */
final class AddressCases {

  private static final String FORBIDDEN = "127.0.0.2";
  private static final String HOST = "images.example.org";

  private AddressCases() {}

  static List<Case> all() {
    return List.of(
        new Case(
            Group.ADDRESS,
            "a private address",
            "The URL itself leads to an address that is not allowed.",
            world -> {
              FaultyServer forbidden = forbidden(world, 0);
              return bring(world, forbidden.url("/disk"), world.client());
            },
            untouched(Check.failed(Reason.SOURCE_BLOCKED))),
        redirected(
            "redirect loop",
            "The server redirects to another path, and from there back.",
            (world, forbidden) -> {
              world.server().on("/disk", exchange -> exchange.head(302, "Location: /other"));
              world.server().on("/other", exchange -> exchange.head(302, "Location: /disk"));
            },
            Check.failed(Reason.REDIRECT_REFUSED).saying("loop")),
        redirected(
            "redirect without end",
            "Every redirect leads to yet another path.",
            (world, forbidden) -> {
              for (int i = 0; i < 100; i++) {
                String location = "Location: /" + (i + 1);
                world.server().on(i == 0 ? "/disk" : "/" + i, e -> e.head(302, location));
              }
            },
            Check.failed(Reason.REDIRECT_REFUSED)
                .and(
                    "after 11 requests at most",
                    (world, outcome) ->
                        world.server().requests().size() <= 11
                            ? Optional.empty()
                            : Optional.of(world.server().requests().size() + " were made"))),
        redirected(
            "redirect to a private address",
            "An allowed server redirects to an address that is not.",
            (world, forbidden) ->
                world.server().on("/disk", e -> e.head(302, "Location: " + forbidden.url("/disk"))),
            Check.failed(Reason.SOURCE_BLOCKED)),
        redirected(
            "private address in disguise",
            "It redirects to the same address, written as an IPv4-mapped IPv6 address.",
            (world, forbidden) ->
                world
                    .server()
                    .on(
                        "/disk",
                        e ->
                            e.head(
                                302,
                                "Location: http://[::ffff:7f00:2]:" + forbidden.port() + "/disk")),
            Check.failed(Reason.SOURCE_BLOCKED)),
        redirected(
            "private address as one number",
            "It redirects to the same address, written as a number that some resolvers know.",
            (world, forbidden) ->
                world
                    .server()
                    .on(
                        "/disk",
                        e -> e.head(302, "Location: http://2130706434:" + forbidden.port() + "/")),
            Check.failed(Reason.REDIRECT_REFUSED)),
        redirected(
            "redirect to a file",
            "The server redirects to file:///etc/passwd.",
            (world, forbidden) ->
                world.server().on("/disk", e -> e.head(302, "Location: file:///etc/passwd")),
            Check.failed(Reason.REDIRECT_REFUSED)),
        new Case(
            Group.ADDRESS,
            "redirect out of TLS",
            "An https server redirects to plain http.",
            AddressCases::outOfTls,
            Check.failed(Reason.REDIRECT_REFUSED)
                .and(
                    "without a request there",
                    (world, outcome) ->
                        world.server().connections() == 0
                            ? Optional.empty()
                            : Optional.of("it was asked"))),
        new Case(
            Group.ADDRESS,
            "DNS changes before the dial",
            "The name has an allowed address when it is checked and another, at which the same port"
                + " is open, whenever it is asked for again.",
            AddressCases::rebound,
            untouched(Check.stored())),
        new Case(
            Group.ADDRESS,
            "DNS changes before a redirect",
            "The name has an allowed address for the first request, and another after a redirect to"
                + " itself.",
            AddressCases::reboundBetweenRequests,
            untouched(Check.failed(Reason.SOURCE_BLOCKED))),
        new Case(
            Group.ADDRESS,
            "DNS with two answers",
            "The name has an allowed address and, behind it, one that is not.",
            world -> {
              int port = serving(world, forbidden(world, world.server().port()));
              WebClient client =
                  client(world, new ScriptedNames().answer(HOST, "127.0.0.1", FORBIDDEN));
              return bring(world, "http://" + HOST + ":" + port + "/disk", client);
            },
            untouched(Check.failed(Reason.SOURCE_BLOCKED))),
        new Case(
            Group.ADDRESS,
            "secret in the query",
            "The URL has a token in its query, and the source answers 403.",
            world -> {
              world.server().on("/disk", exchange -> exchange.head(403));
              return bring(world, world.server().url("/disk?token=hunter2"), world.client());
            },
            Check.failed(Reason.SOURCE_FORBIDDEN).notTelling("hunter2", "the token")));
  }

  private interface Arrangement {
    void make(World world, FaultyServer forbidden) throws IOException;
  }

  private static Case redirected(
      String name, String done, Arrangement arrangement, Check expectation) {
    return new Case(
        Group.ADDRESS,
        name,
        done,
        world -> {
          arrangement.make(world, forbidden(world, 0));
          return world.bring(world.importOf("/disk"));
        },
        untouched(expectation));
  }

  private static Outcome outOfTls(World world) throws Exception {
    SSLContext tls = TestTls.create(world.directory("tls"));
    FaultyServer secure = world.closing(FaultyServer.startTls(tls));
    String location = "Location: " + world.server().url("/disk");
    secure.on("/disk", exchange -> exchange.head(302, location));
    WebClient client = world.closing(new WebClient(World.limits(), World.POLICY, tls));
    return bring(world, secure.url("/disk"), client);
  }

  private static Outcome rebound(World world) throws Exception {
    int port = serving(world, forbidden(world, world.server().port()));
    ScriptedNames names = new ScriptedNames().answer(HOST, "127.0.0.1").answer(HOST, FORBIDDEN);
    return bring(world, "http://" + HOST + ":" + port + "/disk", client(world, names));
  }

  private static Outcome reboundBetweenRequests(World world) throws Exception {
    int port = serving(world, forbidden(world, world.server().port()));
    world.server().on("/first", exchange -> exchange.head(302, "Location: /disk"));
    ScriptedNames names = new ScriptedNames().answer(HOST, "127.0.0.1").answer(HOST, FORBIDDEN);
    return bring(world, "http://" + HOST + ":" + port + "/first", client(world, names));
  }

  /** Both servers would give the disk; the port is that of both. */
  private static int serving(World world, FaultyServer forbidden) {
    for (FaultyServer server : List.of(world.server(), forbidden)) {
      server.on(
          "/disk", exchange -> exchange.head(200, "Content-Length: " + DISK.length).body(DISK));
    }
    return forbidden.port();
  }

  private static WebClient client(World world, ScriptedNames names) throws Exception {
    return world.closing(names.client(World.limits(), World.POLICY));
  }

  private static Outcome bring(World world, String url, WebClient client) throws IOException {
    return world.bring(world.importOf(new WebSource(url, client)));
  }

  private static FaultyServer forbidden(World world, int port) throws IOException {
    return world.other(FaultyServer.startAt(InetAddress.getByName(FORBIDDEN), port));
  }

  private static Check untouched(Check check) {
    return check.and(
        "no connection to the forbidden server",
        (world, outcome) ->
            world.others().stream().allMatch(server -> server.connections() == 0)
                ? Optional.empty()
                : Optional.of("the forbidden server was connected to"));
  }
}
