package dev.darkroom.store.s3;

/**
 * The part sizes of an upload of unknown length: equal for the first half of the parts, which
 * suffices for most images, then doubled for each further tenth, up to 512 MiB. 10,000 parts that
 * start at 16 MiB hold 1 TiB: up to 78 GiB in parts of 16 MiB, up to 109 GiB in parts of 32 MiB,
 * and so on. A part is in memory while it is sent, so larger blobs take more memory.
 *
 * @param partBytes the size of the first parts
 * @param maxParts the most parts that the server accepts
 */
record PartPlan(int partBytes, int maxParts) {

  private static final long GROWN = 512 << 20;

  /**
   * Returns the size of a part.
   *
   * @param number the number of the part, from 1 to {@code maxParts}
   */
  long bytesOf(int number) {
    int half = maxParts / 2;
    int tenth = maxParts / 10;
    int doublings = number <= half ? 0 : 1 + (number - half - 1) / tenth;
    return Math.max(partBytes, Math.min((long) partBytes << Math.min(doublings, 7), GROWN));
  }
}
