package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Formats that an image can be converted to. */
public enum ConversionTarget {
  /** The bytes of the disk in order, without metadata. */
  @JsonProperty("raw")
  RAW,
  /** QEMU copy on write, version 3. */
  @JsonProperty("qcow2")
  QCOW2,
  /** A value of a later release. Never written. */
  @JsonIgnore
  UNKNOWN;

  /** Returns the name that manifests use. */
  public String apiName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Parses a value. An unknown value of a later release makes the image wait. */
  @JsonCreator
  static ConversionTarget read(String text) {
    return LaterValue.read(ConversionTarget.class, text, UNKNOWN);
  }
}
