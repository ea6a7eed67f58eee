package dev.darkroom.format;

/**
 * The end of the file.
 *
 * @param totalBytes the length of the file
 * @param tail its last bytes, {@link #TAIL_BYTES} of them or the whole file if that is shorter
 */
record Ending(long totalBytes, Bytes tail) {
  /** Three sectors: what follows the last grain of a streamOptimized VMDK; a VHD footer is one. */
  static final int TAIL_BYTES = 3 * 512;

  /** Whether the file reaches to that (unsigned) offset. */
  boolean reaches(long end) {
    return end >= 0 && end <= totalBytes;
  }
}
