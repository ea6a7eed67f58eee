package dev.darkroom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The disk formats that a manifest may declare. */
public enum DiskFormatName {
  /** Bytes of a disk, one after the other. Must be declared, for nothing in the bytes says it. */
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
  /** Virtuozzo; taken on trust. */
  @JsonProperty("ploop")
  PLOOP,
  /** Amazon machine image; taken on trust. */
  @JsonProperty("ami")
  AMI,
  /** Amazon ramdisk image; taken on trust. */
  @JsonProperty("ari")
  ARI,
  /** Amazon kernel image; taken on trust. */
  @JsonProperty("aki")
  AKI,
  /** A disk with a partition table, GPT or MBR. */
  @JsonProperty("gpt")
  GPT,
  /** A LUKS-encrypted disk, version 1 or 2. */
  @JsonProperty("luks")
  LUKS,
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
  static DiskFormatName read(String text) {
    return LaterValue.read(DiskFormatName.class, text, UNKNOWN);
  }
}
