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
 * Requests blobs and manifests of one repository (OCI distribution specification 1.1, "Pull").
 * Sends the login only after a challenge of the registry; keeps an accepted login or token until
 * the registry refuses it. Thread-safe.
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
   * Returns the manifest of the reference; of several images, the one for the platform.
   *
   * @throws SourceException {@code NOT_FOUND} when there is none; {@code CHANGED} when the bytes do
   *     not match the digest
   */
  RegistryManifest.Image image() throws SourceException, InterruptedException {
    RegistryManifest first = manifest(reference.manifest(), reference.digest());
    if (first instanceof RegistryManifest.Image image) {
      return image;
    }
    Digest chosen = choose(((RegistryManifest.Index) first).choices());
    if (manifest(chosen.toString(), Optional.of(chosen)) instanceof RegistryManifest.Image image) {
      return image;
    }
    throw new SourceException(
        Kind.INVALID, reference + " is a list of lists of images, which is not supported");
  }

  /** Opens a blob with credentials. */
  interface Opening {
    /** Opens the blob. */
    SourceBody open(Source blob) throws SourceException, InterruptedException;
  }

  /** Requests a blob. */
  SourceBody blob(Digest digest, Opening opening) throws SourceException, InterruptedException {
    WebCredentials used = credentials.get();
    try {
      return opening.open(blob(digest, used));
    } catch (SourceException e) {
      if (e.kind() != Kind.FORBIDDEN) {
        throw e;
      }
      // Tokens expire, and a session that resumes a blob has none yet.
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

  private Digest choose(List<RegistryManifest.Choice> choices) throws SourceException {
    return choices.stream()
        .filter(choice -> choice.platform().filter(options.platform()::equals).isPresent())
        .findFirst()
        .or(() -> choices.stream().filter(only -> isOnlyOne(choices, only)).findFirst())
        .map(RegistryManifest.Choice::digest)
        .orElseThrow(
            () ->
                new SourceException(
                    Kind.NOT_FOUND, reference + " has no image for " + options.platform()));
  }

  private static boolean isOnlyOne(
      List<RegistryManifest.Choice> choices, RegistryManifest.Choice choice) {
    return choices.size() == 1 && choice.platform().isEmpty();
  }

  private RegistryManifest manifest(String name, Optional<Digest> expected)
      throws SourceException, InterruptedException {
    WebDocument document = ask(manifestUrl(name), credentials.get());
    if (document.isUnauthorized()) {
      credentials.set(letIn(document.authenticate()));
      document = ask(manifestUrl(name), credentials.get());
    }
    if (document.isUnauthorized()) {
      throw new SourceException(
          Kind.FORBIDDEN, reference.authority() + " denies the user access to " + reference);
    }
    Optional<Digest> told = document.digest().flatMap(Digest::parse);
    Optional<Digest> promised = expected.or(() -> told);
    if (promised.isPresent() && !promised.get().isOf(document.bytes())) {
      throw new SourceException(
          Kind.CHANGED, "the manifest of " + reference + " does not match its digest");
    }
    return RegistryManifest.parse(document.bytes());
  }

  private WebDocument ask(String url, WebCredentials let)
      throws SourceException, InterruptedException {
    return documents.get(url, let, RegistryManifest.MEDIA_TYPES, RegistryManifest.MAX_BYTES);
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
          reference.authority() + " requires an authentication scheme that is not supported");
    }
    if (options.login().equals(WebCredentials.none())) {
      throw new SourceException(
          Kind.FORBIDDEN, reference.authority() + " requires a user name and a password");
    }
    return options.login();
  }

  /** Gets a token by Docker registry token authentication. */
  private WebCredentials token(Challenge challenge) throws SourceException, InterruptedException {
    String realm =
        challenge
            .parameter("realm")
            .orElseThrow(() -> refused("requires a token but names no token server"));
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
          Kind.FORBIDDEN, reference.authority() + " refuses the user a token for " + reference);
    }
    try {
      JsonNode json = new ObjectMapper().readTree(answer.bytes());
      String token = json.path("token").asText(json.path("access_token").asText(""));
      return WebCredentials.bearer(token);
    } catch (IOException | IllegalArgumentException e) {
      throw refused("returned an invalid token");
    }
  }

  /** A login requires TLS, or a token server on the same plain-text host. */
  private void requireTrusted(String realm) throws SourceException {
    URI uri;
    try {
      uri = URI.create(realm);
    } catch (IllegalArgumentException e) {
      throw refused("names a token server with an invalid URL");
    }
    boolean isSecure = "https".equalsIgnoreCase(uri.getScheme());
    boolean isSameHost =
        isPlain()
            && "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getHost().equals(URI.create(base()).getHost());
    if (!isSecure && !isSameHost) {
      throw refused("names a token server without https");
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
