package dev.darkroom.sums;

/**
 * Who signed, as far as the key says.
 *
 * @param scheme how
 * @param keyId which key, as the scheme's own tools print it: an OpenPGP fingerprint or minisign
 *     key id in upper-case hexadecimal; for cosign, which has none, {@code sha256:} of the key in
 *     DER
 */
public record Signer(Scheme scheme, String keyId) {

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

    /** The name in statuses. */
    public String apiName() {
      return apiName;
    }
  }

  /** For people: {@code openpgp key 0123…}. */
  @Override
  public String toString() {
    return scheme.apiName() + " key " + keyId;
  }
}
