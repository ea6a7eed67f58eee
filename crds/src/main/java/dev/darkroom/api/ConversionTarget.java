package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Formats that an image can be converted to. */
public enum ConversionTarget {
  /** Bytes of a disk, one after the other. */
  @JsonProperty("raw")
  RAW,
  /** QEMU copy on write, version 3. */
  @JsonProperty("qcow2")
  QCOW2;

  /** The name as manifests write it. */
  public String apiName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
