package dev.darkroom.source.policy;

/**
 * TCP ports that follow one another.
 *
 * @param first from 1
 * @param last to 65535, not below the first
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
   * @throws IllegalArgumentException saying in a sentence what is wrong with it
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
