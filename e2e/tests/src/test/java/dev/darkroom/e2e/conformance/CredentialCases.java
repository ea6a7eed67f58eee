package dev.darkroom.e2e.conformance;

import static dev.darkroom.e2e.conformance.TestBed.DISK;

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

/** Sources with credentials: only the server of the URL may receive them. */
final class CredentialCases {

  private static final String SECRET = "hunter2";
  private static final String ALLOWED_TOO = "127.0.0.3";

  private CredentialCases() {}

  static List<Case> all() {
    return List.of(
        leak(
            "credential leak, basic",
            "A source with user and password redirects to another host.",
            WebCredentials.basic("tester", SECRET)),
        leak(
            "credential leak, bearer",
            "A source with a token redirects to another host.",
            WebCredentials.bearer(SECRET)),
        leak(
            "credential leak, header",
            "A source with a custom header redirects to another host.",
            WebCredentials.headers(Map.of("X-Auth-Token", SECRET))),
        new Case(
            Group.ADDRESS,
            "credential leak, other port",
            "A source with a token redirects to another port of the same host.",
            bed -> redirected(bed, WebCredentials.bearer(SECRET), "127.0.0.1"),
            Expectation.stored().and("no token for the other port", CredentialCases::heldBack)),
        new Case(
            Group.ADDRESS,
            "rejected credentials",
            "The server answers 401.",
            bed -> {
              bed.server().on("/disk", e -> e.head(401, "Content-Length: 0"));
              return run(bed, WebCredentials.bearer(SECRET));
            },
            Expectation.failed(Reason.SOURCE_FORBIDDEN).without(SECRET, "the token")));
  }

  private static Case leak(String name, String done, WebCredentials credentials) {
    return new Case(
        Group.ADDRESS,
        name,
        done,
        bed -> redirected(bed, credentials, ALLOWED_TOO),
        Expectation.stored().and("no secret for the other host", CredentialCases::heldBack));
  }

  /** The first server must receive the secret, otherwise the case proves nothing. */
  private static Outcome redirected(TestBed bed, WebCredentials credentials, String to)
      throws Exception {
    FaultyServer other = bed.other(FaultyServer.startAt(InetAddress.getByName(to), 0));
    other.on("/disk", e -> e.head(200, "Content-Length: " + DISK.length).body(DISK));
    String location = "Location: " + other.url("/disk");
    bed.server().on("/disk", e -> e.head(302, location));
    return run(bed, credentials);
  }

  private static Outcome run(TestBed bed, WebCredentials credentials) throws Exception {
    WebOptions options = WebOptions.none().with(credentials);
    return bed.run(
        bed.importOf(new WebSource(bed.server().url("/disk"), bed.client(ALLOWED_TOO), options)));
  }

  private static Optional<String> heldBack(TestBed bed, Outcome outcome) {
    if (bed.server().requests().stream().noneMatch(CredentialCases::hasSecret)) {
      return Optional.of("the first server did not receive the secret");
    }
    return bed.others().stream()
            .flatMap(server -> server.requests().stream())
            .anyMatch(CredentialCases::hasSecret)
        ? Optional.of("the other server received the secret")
        : Optional.empty();
  }

  private static boolean hasSecret(String request) {
    String lower = request.toLowerCase(Locale.ROOT);
    return lower.contains("authorization:") || lower.contains(SECRET);
  }
}
