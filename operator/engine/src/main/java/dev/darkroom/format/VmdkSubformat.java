package dev.darkroom.format;

import java.util.Arrays;
import java.util.Optional;

/** The two kinds of VMDK with the whole disk in one file. */
enum VmdkSubformat {
  /** Uncompressed; a guest can write to it. */
  MONOLITHIC_SPARSE("monolithicSparse"),
  /** Compressed, for transport. */
  STREAM_OPTIMIZED("streamOptimized");

  private final String createType;

  VmdkSubformat(String createType) {
    this.createType = createType;
  }

  /** The name in a descriptor. */
  String createType() {
    return createType;
  }

  static Optional<VmdkSubformat> of(String createType) {
    return Arrays.stream(values()).filter(s -> s.createType.equals(createType)).findFirst();
  }
}
