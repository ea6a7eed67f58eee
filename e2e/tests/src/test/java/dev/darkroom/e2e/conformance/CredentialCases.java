package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.World.DISK;

import dev.darkroom.e2e.conformance.Case.Group;
import dev.darkroom.source.web.WebCredentials;
import dev.darkroom.source.web.WebOptions;
import dev.darkroom.source.web.WebSource;
import dev.darkroom.testing.FaultyServer;
import dev.darkroom.transfer.model.Outcome;
import dev.darkroom.transfer.model.Reason;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sources with credentials: they are for the server of the URL and for nobody else. */
final class CredentialCases {

  private static final String SECRET = "hunter2";
  private static final String ALLOWED_TOO = "127.0.0.3";

  private CredentialCases() {}

  static List<Case> all() {
    return List.of(
        leak(
            "credential leak, basic",
            "A source with a user and a password redirects to another host.",
            WebCredentials.basic("tester", SECRET)),
        leak(
            "credential leak, bearer",
            "A source with a token redirects to another host.",
            WebCredentials.bearer(SECRET)),
        leak(
            "credential leak, header",
            "A source with a header of its own redirects to another host.",
            WebCredentials.headers(Map.of("X-Auth-Token", SECRET))),
        new Case(
            Group.ADDRESS,
            "credential leak, other port",
            "A source with a token redirects to another port of the same host.",
            world -> redirected(world, WebCredentials.bearer(SECRET), "127.0.0.1"),
            Check.stored().and("without the token there", CredentialCases::heldBack)),
        new Case(
            Group.ADDRESS,
            "credentials that are not taken",
            "The source answers 401.",
            world -> {
              world.server().on("/disk", e -> e.head(401, "Content-Length: 0"));
              return bring(world, WebCredentials.bearer(SECRET));
            },
            Check.failed(Reason.SOURCE_FORBIDDEN).notTelling(SECRET, "the token")));
  }

  private static Case leak(String name, String done, WebCredentials credentials) {
    return new Case(
        Group.ADDRESS,
        name,
        done,
        world -> redirected(world, credentials, ALLOWED_TOO),
        Check.stored().and("without the secret there", CredentialCases::heldBack));
  }

  /** The first server must get the secret, or the case proves nothing. */
  private static Outcome redirected(World world, WebCredentials credentials, String to)
      throws Exception {
    FaultyServer other = world.other(FaultyServer.startAt(InetAddress.getByName(to), 0));
    other.on("/disk", e -> e.head(200, "Content-Length: " + DISK.length).body(DISK));
    String location = "Location: " + other.url("/disk");
    world.server().on("/disk", e -> e.head(302, location));
    return bring(world, credentials);
  }

  private static Outcome bring(World world, WebCredentials credentials) throws Exception {
    WebOptions options = WebOptions.none().with(credentials);
    return world.bring(
        world.importOf(
            new WebSource(world.server().url("/disk"), world.client(ALLOWED_TOO), options)));
  }

  private static Optional<String> heldBack(World world, Outcome outcome) {
    if (world.server().requests().stream().noneMatch(CredentialCases::hasSecret)) {
      return Optional.of("the source itself was asked without it");
    }
    return world.others().stream()
            .flatMap(server -> server.requests().stream())
            .anyMatch(CredentialCases::hasSecret)
        ? Optional.of("the other server was told the secret")
        : Optional.empty();
  }

  private static boolean hasSecret(String request) {
    String lower = request.toLowerCase(Locale.ROOT);
    return lower.contains("authorization:") || lower.contains(SECRET);
  }
}
