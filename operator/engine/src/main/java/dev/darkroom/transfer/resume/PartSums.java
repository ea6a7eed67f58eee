package dev.darkroom.transfer.resume;

import java.util.Arrays;

/**
 * The CRC32C (RFC 3720, appendix B.4) of each part of the bytes, in order. Takes four bytes of
 * memory per part. For one thread at a time.
 */
public final class PartSums {

  private int[] sums = new int[64];
  private int count;

  /** Adds the sum of the next part. */
  public void add(int sum) {
    if (count == sums.length) {
      sums = Arrays.copyOf(sums, 2 * count);
    }
    sums[count++] = sum;
  }

  /** The sum of a part, from 0. */
  public int get(int part) {
    if (part >= count) {
      throw new IndexOutOfBoundsException(part);
    }
    return sums[part];
  }

  /** How many parts there are. */
  public int size() {
    return count;
  }

  /** The sums of the first parts. */
  public PartSums first(int parts) {
    PartSums first = new PartSums();
    first.count = Math.min(parts, count);
    first.sums = Arrays.copyOf(sums, Math.max(64, first.count));
    return first;
  }
}
