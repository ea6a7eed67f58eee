package dev.darkroom.source.policy;

/**
 * A range of TCP ports.
 *
 * @param first the first port, from 1
 * @param last the last port, at most 65535 and not below the first
 */
record PortRange(int first, int last) {

  /** Checks the bounds. */
  PortRange {
    if (first < 1 || last < first || last > 65535) {
      throw new IllegalArgumentException(
          "%d-%d are not ports from 1 to 65535".formatted(first, last));
    }
  }

  /**
   * Reads {@code 443} or {@code 8000-8999}.
   *
   * @throws IllegalArgumentException with the reason in one sentence
   */
  static PortRange parse(String text) {
    if (!text.matches("\\d{1,5}(-\\d{1,5})?")) {
      throw new IllegalArgumentException(
          "%s is not a port or a range of ports, such as 8000-8999".formatted(text));
    }
    String[] ends = text.split("-", 2);
    return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
  }

  boolean contains(int port) {
    return first <= port && port <= last;
  }

  @Override
  public String toString() {
    return first == last ? "" + first : first + "-" + last;
  }
}
