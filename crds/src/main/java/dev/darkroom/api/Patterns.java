package dev.darkroom.api;

/** CEL rules with their messages, and limits, shared by several fields. */
final class Patterns {

  /** Name of a Kubernetes object: a DNS-1123 subdomain. */
  static final String NAME_RULE =
      "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')";

  static final String NAME_MESSAGE =
      "must be a valid object name: lower-case letters, digits, '-' and '.', with a letter or"
          + " digit at the start and at the end";

  /** Name of a namespace: a DNS-1123 label. */
  static final String NAMESPACE_RULE = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";

  static final String NAMESPACE_MESSAGE =
      "must be a valid namespace name: lower-case letters, digits and '-', with a letter or"
          + " digit at the start and at the end";

  /** {@code algorithm:hex}; each algorithm has its own number of digits. */
  static final String CHECKSUM_RULE =
      "self.matches('^([mM][dD]5:[0-9a-fA-F]{32}|[sS][hH][aA](1:[0-9a-fA-F]{40}"
          + "|224:[0-9a-fA-F]{56}|256:[0-9a-fA-F]{64}|384:[0-9a-fA-F]{96}|512:[0-9a-fA-F]{128}))$')";

  static final String CHECKSUM_MESSAGE =
      "must be algorithm:hex, with the algorithm md5, sha1, sha224, sha256, sha384 or sha512 and"
          + " its exact number of hexadecimal digits (64 for sha256)";

  /** Non-negative quantity; the field is an integer or a string. */
  static final String QUANTITY_RULE =
      "string(self).matches('^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)"
          + "(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$')";

  static final String QUANTITY_MESSAGE = "must be a non-negative quantity, for example 10Gi";

  static final String URL_RULE =
      "isURL(self) && url(self).getScheme() in ['http', 'https']"
          + " && url(self).getHostname() != ''";

  static final String URL_MESSAGE = "must be an http:// or https:// URL with a host";

  static final String NO_USER_RULE = "!self.matches('^[a-zA-Z]+://[^/?#]*@')";
  static final String NO_USER_MESSAGE = "must not contain a user name or password";

  /** Servers differ in the bucket names that they accept; none accepts a slash. */
  static final String BUCKET_RULE = "self.matches('^[A-Za-z0-9][A-Za-z0-9._:-]*$')";

  static final String BUCKET_MESSAGE =
      "must be a valid bucket name: letters, digits, '.', '_', ':' and '-', with a letter or digit"
          + " at the start";

  static final String PREFIX_RULE =
      "self.matches('^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$')";

  static final String PREFIX_MESSAGE =
      "must be path segments joined by '/': letters, digits, '.', '_' and '-', each segment with a"
          + " letter or digit at the start";

  /** Reference as in the OCI distribution specification; the registry is required. */
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
      "must be an absolute path without empty, '.' or '..' segments and without a trailing '/'";

  /** Longest checksum: {@code sha512:} and 128 digits. */
  static final int MAX_CHECKSUM = 135;

  static final long MAX_QUANTITY = 32;
  static final int MAX_URL = 2048;
  static final int MAX_NAME = 253;
  static final int MAX_NAMESPACE = 63;

  /** Shorter than other names, because the name of an Image is part of other names. */
  static final int MAX_IMAGE_NAME = 128;

  static final int MAX_TEXT = 255;
  static final int MAX_STORES = 16;

  /** Upper bound with {@code allStores}, which may select more stores than a list can name. */
  static final int MAX_COPIES = 1000;

  static final int MAX_BUCKET = 255;

  private Patterns() {}
}
