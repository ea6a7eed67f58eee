package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Formats that an image can be converted to. */
public enum ConversionTarget {
  /** Bytes of a disk, one after the other. */
  @JsonProperty("raw")
  RAW,
  /** QEMU copy on write, version 3. */
  @JsonProperty("qcow2")
  QCOW2,
  /** What a later release may say and this one does not know. It is never written. */
  @JsonIgnore
  UNKNOWN;

  /** The name as manifests write it. */
  public String apiName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Reads what is written. Where only a later release knows the value, an image waits that asks for
   * it.
   */
  @JsonCreator
  static ConversionTarget read(String text) {
    return LaterValue.read(ConversionTarget.class, text, UNKNOWN);
  }
}
