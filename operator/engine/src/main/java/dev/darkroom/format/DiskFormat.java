package dev.darkroom.format;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The closed list of disk formats, named as in the API ({@code spec.diskFormat}) and in Glance
 * ({@code disk_format}).
 *
 * <p>As in Glance, {@link #GPT} is every raw disk with a partition table, GPT or plain MBR. Such
 * bytes <em>are</em> the disk. Without a declared format they are reported as {@code gpt}; declared
 * {@code raw}, they are accepted as {@code raw}. In both cases {@link #openedAs()} is raw. Messages
 * call an MBR disk {@code mbr}.
 */
public enum DiskFormat {
  /** The bytes are the disk. Never detected: the format must be declared. */
  RAW("raw", Inspection.NONE),
  /** QEMU copy-on-write, version 2 or 3. */
  QCOW2("qcow2", Inspection.HEADERS),
  /** VMware, single file: monolithicSparse or streamOptimized. */
  VMDK("vmdk", Inspection.HEADERS),
  /** VirtualBox. */
  VDI("vdi", Inspection.HEADERS),
  /** Microsoft Virtual PC and Hyper-V, fixed or dynamic. */
  VHD("vhd", Inspection.HEADERS),
  /** Microsoft Hyper-V, second generation. */
  VHDX("vhdx", Inspection.HEADERS),
  /** ISO 9660, also when a partition table makes it bootable from a USB stick. */
  ISO("iso", Inspection.HEADERS),
  /** Virtuozzo, OpenVZ and Parallels disk; a ploop may also be raw, which must be declared. */
  PLOOP("ploop", Inspection.NONE),
  /** Amazon machine image: a file system to be booted with a kernel and a RAM disk. */
  AMI("ami", Inspection.NONE),
  /** Amazon RAM disk image. */
  ARI("ari", Inspection.NONE),
  /** Amazon kernel image. */
  AKI("aki", Inspection.NONE),
  /** A raw disk that begins with a partition table, GPT or plain MBR. */
  GPT("gpt", Inspection.HEADERS),
  /** Linux Unified Key Setup, version 1 or 2. */
  LUKS("luks", Inspection.HEADERS),
  /** QEMU enhanced disk: recognised, always refused. */
  QED("qed", Inspection.HEADERS);

  private enum Inspection {
    HEADERS,
    NONE
  }

  private static final Map<String, DiskFormat> BY_API_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(DiskFormat::apiName, Function.identity()));

  private final String apiName;
  private final Inspection inspection;

  DiskFormat(String apiName, Inspection inspection) {
    this.apiName = apiName;
    this.inspection = inspection;
  }

  /** The name in manifests, statuses and the Image API v2: lower case, stable. */
  public String apiName() {
    return apiName;
  }

  /**
   * Whether bytes of this format can be recognised. Bytes that are not recognised are accepted
   * under a declared format that can't be.
   */
  public boolean inspectable() {
    return inspection == Inspection.HEADERS;
  }

  /**
   * The format with which a hypervisor must open the bytes: {@link #RAW} if the bytes are the
   * guest's disk, else this format.
   */
  public DiskFormat openedAs() {
    return switch (this) {
      case RAW, GPT, ISO, AMI, ARI, AKI -> RAW;
      case QCOW2, VMDK, VDI, VHD, VHDX, PLOOP, LUKS, QED -> this;
    };
  }

  /** The format with that {@link #apiName()}; empty for any other string (case matters). */
  public static Optional<DiskFormat> of(String apiName) {
    return Optional.ofNullable(BY_API_NAME.get(apiName));
  }
}
