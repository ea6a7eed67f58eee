package dev.darkroom.transfer.resume;

import java.util.Arrays;

/**
 * The CRC32C (RFC 3720, appendix B.4) of each part of some bytes, in their order. Four bytes of
 * memory a part. For one thread at a time.
 */
public final class PartSums {

  private int[] sums = new int[64];
  private int count;

  /** One more part. */
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

  /** The first ones only. */
  public PartSums first(int parts) {
    PartSums first = new PartSums();
    first.count = Math.min(parts, count);
    first.sums = Arrays.copyOf(sums, Math.max(64, first.count));
    return first;
  }
}
