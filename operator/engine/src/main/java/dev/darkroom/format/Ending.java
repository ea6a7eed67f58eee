package dev.darkroom.format;

/**
 * The end of the file.
 *
 * @param totalBytes the length of the file
 * @param tail its last bytes, {@link #TAIL_BYTES} of them or the whole file if that is shorter
 */
record Ending(long totalBytes, Bytes tail) {
  /**
   * Three sectors: the part after the last grain of a streamOptimized VMDK. A VHD footer has one
   * sector.
   */
  static final int TAIL_BYTES = 3 * 512;

  /** Returns whether the file has at least that (unsigned) number of bytes. */
  boolean reaches(long end) {
    return end >= 0 && end <= totalBytes;
  }
}
