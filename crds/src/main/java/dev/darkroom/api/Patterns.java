package dev.darkroom.api;

/** Regular expressions and limits that several fields share. */
final class Patterns {

  /** A DNS-1123 subdomain: what the name of a Kubernetes object may be. */
  static final String OBJECT_NAME =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** {@code algorithm:hex}, each algorithm with its own length. */
  static final String CHECKSUM =
      "^([mM][dD]5:[0-9a-fA-F]{32}|[sS][hH][aA]1:[0-9a-fA-F]{40}|[sS][hH][aA]224:[0-9a-fA-F]{56}"
          + "|[sS][hH][aA]256:[0-9a-fA-F]{64}|[sS][hH][aA]384:[0-9a-fA-F]{96}"
          + "|[sS][hH][aA]512:[0-9a-fA-F]{128})$";

  /** A quantity that is not negative. */
  static final String QUANTITY =
      "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?[0-9]+))?$";

  /** An absolute path without empty, {@code .} or {@code ..} segments. */
  static final String ABSOLUTE_PATH = "^(/[^/\\x00]+)+$";

  static final int MAX_URL = 2048;
  static final int MAX_NAME = 253;
  static final int MAX_TEXT = 255;
  static final int MAX_STORES = 16;

  private Patterns() {}
}
