package dev.darkroom.format;

/** The disk formats of the API. */
public enum DiskFormat {
  RAW,
  QCOW2
}
