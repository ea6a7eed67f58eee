package dev.darkroom.sums;

import java.util.Arrays;
import java.util.Optional;

/**
 * The signer, as far as the key identifies it.
 *
 * @param scheme the kind of the signature
 * @param keyId the key, as the scheme's own tools print it: an OpenPGP fingerprint or minisign key
 *     id in upper-case hexadecimal; for cosign, which has none, {@code sha256:} of the key in DER
 */
public record Signer(Scheme scheme, String keyId) {

  private static final String KEY = " key ";

  /** The kinds of signatures. */
  public enum Scheme {
    /** RFC 9580 and its predecessors. */
    OPENPGP("openpgp"),
    /** minisign, and OpenBSD's signify as far as minisign reads it. */
    MINISIGN("minisign"),
    /** {@code cosign sign-blob --key}. */
    COSIGN("cosign");

    private final String apiName;

    Scheme(String apiName) {
      this.apiName = apiName;
    }

    /** Returns the name in statuses. */
    public String apiName() {
      return apiName;
    }
  }

  /** Parses the result of {@link #toString}; empty for other text. */
  public static Optional<Signer> parse(String text) {
    return Arrays.stream(Scheme.values())
        .filter(scheme -> text.startsWith(scheme.apiName() + KEY))
        .map(scheme -> new Signer(scheme, text.substring((scheme.apiName() + KEY).length())))
        .findFirst();
  }

  /** Returns the text for messages: {@code openpgp key 0123…}. */
  @Override
  public String toString() {
    return scheme.apiName() + KEY + keyId;
  }
}
