package dev.darkroom.format;

/**
 * The limits of the images that an inspector accepts.
 *
 * @param maxVirtualBytes the virtual size of a disk, in bytes; at least 512
 */
public record InspectionLimits(long maxVirtualBytes) {
  private static final int SECTOR = 512;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException for a number out of its range
   */
  public InspectionLimits {
    if (maxVirtualBytes < SECTOR) {
      throw new IllegalArgumentException("a disk has at least 512 bytes");
    }
  }

  /** 64 TiB, the most that a VHDX or a VMDK can have. */
  public static InspectionLimits defaults() {
    return new InspectionLimits(64L << 40);
  }
}
