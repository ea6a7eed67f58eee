package dev.darkroom.api;

/** Rules, their sentences, and limits that several fields share. */
final class Patterns {

  /** A DNS-1123 subdomain: what the name of a Kubernetes object may be. */
  static final String NAME_RULE =
      "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')";

  static final String NAME_MESSAGE =
      "must be the name of an object: lower-case letters, digits, '-' and '.', with a letter or"
          + " digit at each end";

  /** A DNS-1123 label: what the name of a namespace may be. */
  static final String NAMESPACE_RULE = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";

  static final String NAMESPACE_MESSAGE =
      "must be the name of a namespace: lower-case letters, digits and '-', with a letter or digit"
          + " at each end";

  /** {@code algorithm:hex}, each algorithm with its own length. */
  static final String CHECKSUM_RULE =
      "self.matches('^([mM][dD]5:[0-9a-fA-F]{32}|[sS][hH][aA](1:[0-9a-fA-F]{40}"
          + "|224:[0-9a-fA-F]{56}|256:[0-9a-fA-F]{64}|384:[0-9a-fA-F]{96}|512:[0-9a-fA-F]{128}))$')";

  static final String CHECKSUM_MESSAGE =
      "must be algorithm:hex, where the algorithm is md5, sha1, sha224, sha256, sha384 or sha512 and"
          + " the hexadecimal digits are as many as it makes (64 for sha256)";

  /** A quantity that is not negative; the field is an integer or a string. */
  static final String QUANTITY_RULE =
      "string(self).matches('^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
          + "(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$')";

  static final String QUANTITY_MESSAGE =
      "must be a quantity that is not negative, for example 10Gi";

  static final String URL_RULE =
      "isURL(self) && url(self).getScheme() in ['http', 'https']"
          + " && url(self).getHostname() != ''";

  static final String URL_MESSAGE = "must be an http:// or https:// URL with a host";

  static final String NO_USER_RULE = "!self.matches('^[a-zA-Z]+://[^/?#]*@')";
  static final String NO_USER_MESSAGE = "must not hold a user name or password";

  /** What servers take for a bucket's name differs; none takes a slash. */
  static final String BUCKET_RULE = "self.matches('^[A-Za-z0-9][A-Za-z0-9._:-]*$')";

  static final String BUCKET_MESSAGE =
      "must be the name of a bucket: letters, digits, '.', '_', ':' and '-', and a letter or digit"
          + " first";

  static final String PREFIX_RULE =
      "self.matches('^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$')";

  static final String PREFIX_MESSAGE =
      "must be parts of letters, digits, '.', '_' and '-', joined by '/', each with a letter or"
          + " digit first";

  /** As in the OCI distribution specification, with a registry that is named. */
  static final String REFERENCE_RULE =
      "self.matches('^((localhost|[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+|[[][0-9a-fA-F:]+[]])(:[0-9]+)?"
          + "|[A-Za-z0-9-]+:[0-9]+)/[a-z0-9]+([._/-]+[a-z0-9]+)*"
          + "(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha(256:[0-9a-f]{64}|512:[0-9a-f]{128}))?$')";

  static final String REFERENCE_MESSAGE =
      "must be registry/repository:tag or registry/repository@sha256:hex";

  static final String PLATFORM_RULE = "self.matches('^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?$')";
  static final String PLATFORM_MESSAGE = "must be os/architecture, for example linux/arm64";

  static final String PATH_RULE =
      "self.matches('^(/[^/]+)+$') && !self.split('/').exists(s, s == '.' || s == '..')";

  static final String PATH_MESSAGE =
      "must be an absolute path without empty, '.' or '..' parts and without a '/' at its end";

  /** Longest checksum: {@code sha512:} and 128 digits. */
  static final int MAX_CHECKSUM = 135;

  static final long MAX_QUANTITY = 32;
  static final int MAX_URL = 2048;
  static final int MAX_NAME = 253;
  static final int MAX_NAMESPACE = 63;

  /** The name of an Image is part of other names. */
  static final int MAX_IMAGE_NAME = 128;

  static final int MAX_TEXT = 255;
  static final int MAX_STORES = 16;

  /** With {@code allStores} there may be more than can be named. */
  static final int MAX_COPIES = 1000;

  static final int MAX_BUCKET = 255;

  private Patterns() {}
}
