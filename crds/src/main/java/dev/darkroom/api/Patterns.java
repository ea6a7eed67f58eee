package dev.darkroom.api;

/** Rules, their sentences, and limits that several fields share. */
final class Patterns {

  /** A DNS-1123 subdomain: what the name of a Kubernetes object may be. */
  static final String NAME_RULE =
      "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')";

  static final String NAME_MESSAGE =
      "must be the name of an object: lower-case letters, digits, '-' and '.', with a letter or"
          + " digit at each end";

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

  static final String PATH_RULE =
      "self.matches('^(/[^/]+)+$') && !self.split('/').exists(s, s == '.' || s == '..')";

  static final String PATH_MESSAGE =
      "must be an absolute path without empty, '.' or '..' parts and without a '/' at its end";

  /** Longest checksum: {@code sha512:} and 128 digits. */
  static final int MAX_CHECKSUM = 135;

  static final long MAX_QUANTITY = 32;
  static final int MAX_URL = 2048;
  static final int MAX_NAME = 253;
  static final int MAX_TEXT = 255;
  static final int MAX_STORES = 16;

  private Patterns() {}
}
