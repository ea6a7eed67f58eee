package dev.darkroom.source.registry;

import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an image in a registry: {@code host[:port]/repository[:tag][@digest]} (OCI
 * distribution specification 1.1, "Pulling manifests"). There is no default registry: the host is
 * required.
 *
 * @param authority host and port, as written
 * @param repository the path of the repository
 * @param tag the tag; {@code latest} without a tag and a digest
 * @param digest the digest of the manifest, which takes precedence over the tag
 */
record Reference(String authority, String repository, String tag, Optional<Digest> digest) {

  private static final int MAX_LENGTH = 1024;
  private static final int MAX_REPOSITORY = 255;
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern SYNTAX =
      Pattern.compile(
          "((?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?)"
              + "/("
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)"
              + "(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
              + "(?:@([a-z0-9]+:[0-9a-f]+))?");

  /**
   * Parses a reference.
   *
   * @throws SourceException {@code INVALID} with the reason
   */
  static Reference parse(String text) throws SourceException {
    String plain = text.strip();
    Matcher matcher = SYNTAX.matcher(plain);
    if (plain.length() > MAX_LENGTH || !matcher.matches()) {
      throw invalid("is not of the form host[:port]/repository[:tag][@digest]");
    }
    String authority = matcher.group(1);
    if (!authority.matches(".*[.:].*|localhost")) {
      throw invalid("does not start with the host of a registry");
    }
    if (matcher.group(2).length() > MAX_REPOSITORY) {
      throw invalid("has a repository of more than 255 characters");
    }
    Optional<Digest> digest = Optional.empty();
    if (matcher.group(4) != null) {
      digest =
          Optional.of(
              Digest.parse(matcher.group(4))
                  .orElseThrow(() -> invalid("has a digest that is neither sha256 nor sha512")));
    }
    return new Reference(
        authority,
        matcher.group(2),
        matcher.group(3) == null ? "latest" : matcher.group(3),
        digest);
  }

  /** Returns the digest or tag for the request of the manifest. */
  String manifest() {
    return digest.map(Digest::toString).orElse(tag);
  }

  @Override
  public String toString() {
    return authority + "/" + repository + digest.map(some -> "@" + some).orElse(":" + tag);
  }

  private static SourceException invalid(String what) {
    return new SourceException(Kind.INVALID, "the image reference " + what);
  }
}
