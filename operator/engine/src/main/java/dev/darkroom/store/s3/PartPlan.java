package dev.darkroom.store.s3;

/**
 * How big the parts of an upload of unknown length are: equal for the first half of the parts that
 * the server takes, which does for most images, then twice the size for each further tenth, up to
 * 512 MiB. With 10,000 parts that begin at 16 MiB this goes to 1 TiB: up to 78 GiB in parts of 16
 * MiB, up to 109 GiB in parts of 32 MiB, and so on. A part is held in memory while it is sent, so
 * that what is bigger takes more.
 *
 * @param partBytes of the first parts
 * @param maxParts that the server takes
 */
record PartPlan(int partBytes, int maxParts) {

  private static final long GROWN = 512 << 20;

  /**
   * The size of a part.
   *
   * @param number from 1 to the most parts
   */
  long bytesOf(int number) {
    int half = maxParts / 2;
    int tenth = maxParts / 10;
    int doublings = number <= half ? 0 : 1 + (number - half - 1) / tenth;
    return Math.max(partBytes, Math.min((long) partBytes << Math.min(doublings, 7), GROWN));
  }
}
