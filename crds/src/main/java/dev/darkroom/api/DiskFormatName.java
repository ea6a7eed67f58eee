package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Disk formats that a manifest may declare. */
public enum DiskFormatName {
  /** The bytes of the disk in order. Must be declared, because a raw disk cannot be detected. */
  @JsonProperty("raw")
  RAW,
  /** QEMU copy on write, version 2 or 3. */
  @JsonProperty("qcow2")
  QCOW2,
  /** VMware: monolithicSparse and streamOptimized. */
  @JsonProperty("vmdk")
  VMDK,
  /** VirtualBox. */
  @JsonProperty("vdi")
  VDI,
  /** Virtual PC. */
  @JsonProperty("vhd")
  VHD,
  /** Hyper-V. */
  @JsonProperty("vhdx")
  VHDX,
  /** ISO 9660. */
  @JsonProperty("iso")
  ISO,
  /** Virtuozzo; accepted as declared, not detected. */
  @JsonProperty("ploop")
  PLOOP,
  /** Amazon machine image; accepted as declared, not detected. */
  @JsonProperty("ami")
  AMI,
  /** Amazon ramdisk image; accepted as declared, not detected. */
  @JsonProperty("ari")
  ARI,
  /** Amazon kernel image; accepted as declared, not detected. */
  @JsonProperty("aki")
  AKI,
  /** A disk with a partition table, GPT or MBR. */
  @JsonProperty("gpt")
  GPT,
  /** A LUKS-encrypted disk, version 1 or 2. */
  @JsonProperty("luks")
  LUKS,
  /** A value of a later release. Never written. */
  @JsonIgnore
  UNKNOWN;

  /** Returns the name that manifests use. */
  public String apiName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Parses a value. An unknown value of a later release makes the image wait. */
  @JsonCreator
  static DiskFormatName read(String text) {
    return LaterValue.read(DiskFormatName.class, text, UNKNOWN);
  }
}
