package dev.darkroom.source.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.web.WebClient;
import dev.darkroom.source.web.WebCredentials;
import dev.darkroom.source.web.WebDocument;
import dev.darkroom.source.web.WebDocuments;
import dev.darkroom.source.web.WebOptions;
import dev.darkroom.source.web.WebSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks one registry for what belongs to one repository (OCI distribution specification 1.1,
 * "Pull"). Nothing is told of the login before the registry asks for it; what it lets in with is
 * kept until it no longer does. Safe for use by many threads.
 */
final class RegistrySession {

  private static final int MAX_TOKEN_ANSWER = 256 * 1024;

  private final Reference reference;
  private final RegistryOptions options;
  private final WebClient client;
  private final WebDocuments documents;
  private final AtomicReference<WebCredentials> credentials =
      new AtomicReference<>(WebCredentials.none());

  RegistrySession(Reference reference, RegistryOptions options, WebClient client) {
    this.reference = reference;
    this.options = options;
    this.client = client;
    this.documents = new WebDocuments(client, options.authorities());
  }

  /**
   * The manifest that the reference names; of several, that for the platform.
   *
   * @throws SourceException {@code NOT_FOUND} when there is none; {@code CHANGED} when what came is
   *     not what its digest says
   */
  Manifest.Image image() throws SourceException, InterruptedException {
    Manifest first = manifest(reference.manifest(), reference.digest());
    if (first instanceof Manifest.Image image) {
      return image;
    }
    Digest chosen = choose(((Manifest.Index) first).choices());
    if (manifest(chosen.toString(), Optional.of(chosen)) instanceof Manifest.Image image) {
      return image;
    }
    throw new SourceException(
        Kind.INVALID, reference + " is a list of lists of images, which is not supported");
  }

  /** One way to open a blob. */
  interface Opening {
    /** Opens it. */
    SourceBody open(Source blob) throws SourceException, InterruptedException;
  }

  /** Asks for a blob. */
  SourceBody blob(Digest digest, Opening opening) throws SourceException, InterruptedException {
    WebCredentials used = credentials.get();
    try {
      return opening.open(blob(digest, used));
    } catch (SourceException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      // Tokens expire; a session that goes on with a blob has none yet.
      WebDocument manifest = ask(manifestUrl(reference.manifest()), WebCredentials.none());
      if (!manifest.isUnauthorized()) {
        throw e;
      }
      credentials.set(letIn(manifest.authenticate()));
      return opening.open(blob(digest, credentials.get()));
    }
  }

  private Source blob(Digest digest, WebCredentials let) throws SourceException {
    return new WebSource(
        base() + "/blobs/" + digest, client, new WebOptions(let, options.authorities()));
  }

  private Digest choose(List<Manifest.Choice> choices) throws SourceException {
    return choices.stream()
        .filter(choice -> choice.platform().filter(options.platform()::equals).isPresent())
        .findFirst()
        .or(() -> choices.stream().filter(only -> isOnlyOne(choices, only)).findFirst())
        .map(Manifest.Choice::digest)
        .orElseThrow(
            () ->
                new SourceException(
                    Kind.NOT_FOUND, reference + " has no image for " + options.platform()));
  }

  private static boolean isOnlyOne(List<Manifest.Choice> choices, Manifest.Choice choice) {
    return choices.size() == 1 && choice.platform().isEmpty();
  }

  private Manifest manifest(String name, Optional<Digest> expected)
      throws SourceException, InterruptedException {
    WebDocument document = ask(manifestUrl(name), credentials.get());
    if (document.isUnauthorized()) {
      credentials.set(letIn(document.authenticate()));
      document = ask(manifestUrl(name), credentials.get());
    }
    if (document.isUnauthorized()) {
      throw new SourceException(
          Kind.FORBIDDEN, reference.authority() + " does not let the user have " + reference);
    }
    Optional<Digest> told = document.digest().flatMap(Digest::parse);
    Optional<Digest> promised = expected.or(() -> told);
    if (promised.isPresent() && !promised.get().isOf(document.bytes())) {
      throw new SourceException(
          Kind.CHANGED, "the manifest of " + reference + " is not the one that its digest names");
    }
    return Manifest.parse(document.bytes());
  }

  private WebDocument ask(String url, WebCredentials let)
      throws SourceException, InterruptedException {
    return documents.get(url, let, Manifest.MEDIA_TYPES, Manifest.MAX_BYTES);
  }

  private WebCredentials letIn(List<String> authenticate)
      throws SourceException, InterruptedException {
    Optional<Challenge> bearer = Challenge.find(authenticate, "bearer");
    if (bearer.isPresent()) {
      return token(bearer.get());
    }
    if (Challenge.find(authenticate, "basic").isEmpty()) {
      throw new SourceException(
          Kind.FORBIDDEN,
          reference.authority() + " wants to know who asks in a way that is not supported");
    }
    if (options.login().equals(WebCredentials.none())) {
      throw new SourceException(
          Kind.FORBIDDEN, reference.authority() + " wants a user name and a password");
    }
    return options.login();
  }

  /** Docker registry token authentication. */
  private WebCredentials token(Challenge challenge) throws SourceException, InterruptedException {
    String realm =
        challenge
            .parameter("realm")
            .orElseThrow(() -> refused("does not say where to get a token"));
    requireTrusted(realm);
    StringBuilder url = new StringBuilder(realm).append(realm.contains("?") ? '&' : '?');
    challenge
        .parameter("service")
        .ifPresent(service -> url.append("service=").append(encoded(service)).append('&'));
    url.append("scope=").append(encoded("repository:" + reference.repository() + ":pull"));
    WebDocument answer =
        documents.get(
            url.toString(), options.login(), List.of("application/json"), MAX_TOKEN_ANSWER);
    if (answer.isUnauthorized()) {
      throw new SourceException(
          Kind.FORBIDDEN, reference.authority() + " gives the user no token for " + reference);
    }
    try {
      JsonNode json = new ObjectMapper().readTree(answer.bytes());
      String token = json.path("token").asText(json.path("access_token").asText(""));
      return WebCredentials.bearer(token);
    } catch (IOException | IllegalArgumentException e) {
      throw refused("gives something that is no token");
    }
  }

  /** A login goes over TLS, or to the host that is asked in plain text itself. */
  private void requireTrusted(String realm) throws SourceException {
    URI uri;
    try {
      uri = URI.create(realm);
    } catch (IllegalArgumentException e) {
      throw refused("names an address for tokens that can't be understood");
    }
    boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
    boolean isSameHost =
        isPlain()
            && "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getHost().equals(URI.create(base()).getHost());
    if (!isSecure && !isSameHost) {
      throw refused("names an address for tokens that is not https");
    }
  }

  private SourceException refused(String what) {
    return new SourceException(
        Kind.FORBIDDEN, "the registry " + reference.authority() + " " + what);
  }

  private boolean isPlain() {
    return options.plainHosts().contains(reference.authority());
  }

  private String base() {
    return (isPlain() ? "http://" : "https://")
        + reference.authority()
        + "/v2/"
        + reference.repository();
  }

  private String manifestUrl(String name) {
    return base() + "/manifests/" + name;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
