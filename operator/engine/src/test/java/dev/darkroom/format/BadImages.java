package dev.darkroom.format;

import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.PLAIN_DESCRIPTOR;
import static dev.darkroom.format.DiskImages.dynamicVhd;
import static dev.darkroom.format.DiskImages.fixedVhd;
import static dev.darkroom.format.DiskImages.gpt;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.DiskImages.luks1;
import static dev.darkroom.format.DiskImages.luks2;
import static dev.darkroom.format.DiskImages.mbr;
import static dev.darkroom.format.DiskImages.sealGpt;
import static dev.darkroom.format.DiskImages.sealVhdHeader;
import static dev.darkroom.format.DiskImages.sealedVhdFooter;
import static dev.darkroom.format.DiskImages.streamOptimizedVmdk;
import static dev.darkroom.format.DiskImages.vdi;
import static dev.darkroom.format.DiskImages.vhdFooter;
import static dev.darkroom.format.DiskImages.vmdk;
import static dev.darkroom.format.DiskImages.withMbr;
import static dev.darkroom.format.VhdxImages.sealVhdx;
import static dev.darkroom.format.VhdxImages.vhdx;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.darkroom.format.Verdict.Mismatch;
import dev.darkroom.format.Verdict.Refused;
import dev.darkroom.format.Verdict.Truncated;
import dev.darkroom.format.Verdict.Unknown;
import dev.darkroom.format.Verdict.Unsafe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One image of each kind that must be refused: it reads other files, is two formats at once,
 * contradicts itself or the declared format, or is cut off. The tests of this package go into every
 * detail; these images are for tests of the whole.
 */
public final class BadImages {

  private static final int VHDX_REGIONS = 192 << 10;
  private static final int VHDX_METADATA = 3 * MIB;

  private final List<BadImage> all = new ArrayList<>();

  private BadImages() {
    qcow2();
    vmwareDisks();
    virtualBoxAndHyperV();
    others();
    liars();
  }

  /** All of them, each with a name of its own. */
  public static List<BadImage> all() {
    return List.copyOf(new BadImages().all);
  }

  private void qcow2() {
    unsafe("qcow2 with a backing file", v3().backingFile("/etc/passwd"));
    unsafe("qcow2 v2 with a backing URL", Qcow2Image.v2(MIB).backingFile("nbd://10.0.0.1/x"));
    unsafe(
        "qcow2 with a json: backing file",
        v3().backingFile("json:{\"file.driver\":\"file\",\"file.filename\":\"/etc/shadow\"}"));
    unsafe("qcow2 with an external data file", v3().dataFile("/dev/sda"));
    unsafe(
        "qcow2 with a data file's name alone",
        v3().extension(0x44415441L, "/dev/sda".getBytes(UTF_8)));
    unsafe("qcow2 with an unknown incompatible feature", v3().incompatibleFeatures(1 << 5));
    unsafe("qcow2 marked corrupt", v3().incompatibleFeatures(2));
    unsafe("qcow2 of version 4", v3().u32(4, 4));
    unsafe("qcow2 with clusters of 4 MiB", v3().u32(20, 22));
    unsafe("qcow2 whose L1 table is 64 MiB", v3().u32(36, 1 << 23));
    unsafe("qcow2 whose L1 table is its header", v3().u64(40, 0));
    unsafe("qcow2 whose L1 table is its refcounts", v3().u64(40, Qcow2Image.CLUSTER_BYTES));
    unsafe("qcow2 without a disk", Qcow2Image.v3(0));
    unsafe("qcow2 with legacy AES encryption", v3().u32(32, 1));
    unsafe("qcow2 without reference counts", v3().u32(56, 0));
    unsafe("qcow2 with 65537 snapshots", v3().snapshots(65537));
    unsafe("qcow2 with an unknown encryption method", v3().u32(32, 3));
    add(
        "qcow2 cut off in its tables",
        v3().length(2 * Qcow2Image.CLUSTER_BYTES).bytes(),
        Truncated.class);
  }

  private void vmwareDisks() {
    unsafe("vmdk with an extent elsewhere", descriptor("disk.vmdk", "/etc/shadow"));
    unsafe("vmdk with an extent in a parent directory", descriptor("disk.vmdk", "..\\x.vmdk"));
    unsafe("vmdk with a second extent", more("RW 2048 FLAT \"/dev/sda\" 0"));
    unsafe("vmdk with a parent", more("parentFileNameHint=\"/srv/base.vmdk\""));
    unsafe("vmdk with a parent in a comment", more("#parentFileNameHint=\"/srv/base.vmdk\""));
    unsafe("vmdk with a parent behind its descriptor", hidden());
    unsafe("vmdk that names a parent by its id", more("parentCID=12345678"));
    unsafe("vmdk of the kind monolithicFlat", descriptor("Sparse\"", "Flat\""));
    unsafe("vmdk with an unknown line", more("what is this"));
    unsafe("vmdk with a descriptor of 1 MiB", vmdk().u64le(36, 2048));
    unsafe("vmdk of ESX", vmdk().text(0, "COWD"));
    ByteBuilder stream = streamOptimizedVmdk();
    int footer = stream.length() - 1024;
    unsafe("vmdk whose footer disagrees", stream.u64le(footer + 12, 4096));
    unsafe("vmdk without its disk", ByteBuilder.of(PLAIN_DESCRIPTOR.getBytes(UTF_8)));
  }

  /** The header says that the descriptor has one sector; QEMU reads twenty. */
  private static ByteBuilder hidden() {
    String padded = PLAIN_DESCRIPTOR + "#".repeat(511 - PLAIN_DESCRIPTOR.length()) + "\n";
    return vmdk(padded + "parentFileNameHint=\"/srv/base.vmdk\"\n").u64le(36, 1);
  }

  private void virtualBoxAndHyperV() {
    unsafe("vdi that differs from a parent", vdi().u32le(0x4C, 4));
    unsafe("vdi with an impossible block map", vdi().u32le(0x154, 0));
    byte[] differing = sealedVhdFooter(vhdFooter(8L * MIB, 4).u64be(16, 512).bytes());
    unsafe("vhd that differs from a parent", dynamicVhd().put(0, differing).put(2048, differing));
    unsafe("vhd that names a parent", sealVhdHeader(dynamicVhd().text(576, "\0b\0.\0v")));
    unsafe("vhd with two footers", dynamicVhd().u8(2048 + 100, 1));
    unsafe("vhdx that differs from a parent", sealVhdx(vhdx().u32le(VHDX_METADATA + 65540, 2)));
    unsafe("vhdx with a log to replay", sealVhdx(vhdx().u8((64 << 10) + 48, 1)));
    unsafe("vhdx with two region tables", sealVhdx(vhdx().u8((256 << 10) + 600, 1)));
    unsafe("vhdx without a valid region table", vhdx().u8(VHDX_REGIONS + 600, 1));
  }

  private void others() {
    unsafe("qed", new ByteBuilder(MIB).text(0, "QED\0"));
    unsafe("iso of two sizes", iso().u32be(0x8000 + 84, 41));
    unsafe("GPT beside another partition table", gpt().u8(466, 1));
    unsafe("GPT with a wrong checksum", gpt().u64le(544, 2046));
    unsafe("GPT that contradicts itself", sealGpt(gpt().u64le(536, 2)));
    unsafe("MBR with partitions that overlap", mbr().u8(466, 1).u32le(470, 64).u32le(474, 9));
    unsafe("luks1 with its header elsewhere", luks1().u32be(104, 0));
    unsafe("luks2 with a wrong checksum", luks2().u8(5000, 1));
    unsafe("luks2 without JSON", luks2("{\"segments\":"));
    add("iso cut off", iso().cutTo(39 * 2048).bytes(), Truncated.class);
  }

  private void liars() {
    byte[] qcow2 = v3().bytes();
    unsafe("qcow2 and iso at once", ByteBuilder.of(qcow2).put(0x8000, iso().part(0x8000, 4096)));
    unsafe("qcow2 and MBR at once", withMbr(ByteBuilder.of(qcow2)));
    unsafe("qcow2 and vhd at once", fixedVhd(qcow2));
    Optional<DiskFormat> raw = Optional.of(DiskFormat.RAW);
    add("a tar archive declared as raw", new ByteBuilder(MIB).text(257, "ustar").bytes(), raw);
    add(
        "a compressed disk declared as raw",
        new ByteBuilder(MIB).u32be(0, 0x1f8b0800).bytes(),
        raw);
    add("a program declared as raw", new ByteBuilder(MIB).text(0, "\u007FELF").bytes(), raw);
    add("a checksum declared as raw", "0".repeat(64).concat("  disk.raw\n").getBytes(UTF_8), raw);
    add("a raw disk of one byte", new byte[1], raw, Truncated.class);
    unsafe("vmdk and iso at once", iso().text(0, "# Disk DescriptorFile\n"));
    add("qcow2 declared as raw", qcow2, Optional.of(DiskFormat.RAW), Mismatch.class);
    add("qcow2 declared as vmdk", qcow2, Optional.of(DiskFormat.VMDK), Mismatch.class);
    add("GPT declared as ami", gpt().bytes(), Optional.of(DiskFormat.AMI), Mismatch.class);
    add(
        "qcow2 with a backing file declared as raw",
        v3().backingFile("/etc/passwd").bytes(),
        Optional.of(DiskFormat.RAW),
        Unsafe.class);
    byte[] page = "<!DOCTYPE html>\n<html><title>Sign in</title></html>".getBytes(UTF_8);
    add("a web page declared as qcow2", page, Optional.of(DiskFormat.QCOW2), Unknown.class);
    add("a web page declared as raw", page, Optional.of(DiskFormat.RAW), Unknown.class);
    add("unknown bytes, undeclared", new ByteBuilder(MIB).u8(7, 7).bytes(), Unknown.class);
  }

  private static Qcow2Image v3() {
    return Qcow2Image.v3(MIB);
  }

  private static ByteBuilder descriptor(String instead, String of) {
    return vmdk(PLAIN_DESCRIPTOR.replace(instead, of));
  }

  private static ByteBuilder more(String line) {
    return vmdk(PLAIN_DESCRIPTOR + "\n" + line + "\n");
  }

  private void unsafe(String what, Qcow2Image image) {
    add(what, image.bytes(), Unsafe.class);
  }

  private void unsafe(String what, ByteBuilder image) {
    add(what, image.bytes(), Unsafe.class);
  }

  private void add(String what, byte[] bytes, Optional<DiskFormat> declared) {
    add(what, bytes, declared, Unknown.class);
  }

  private void add(String what, byte[] bytes, Class<? extends Refused> refusal) {
    add(what, bytes, Optional.empty(), refusal);
  }

  private void add(
      String what, byte[] bytes, Optional<DiskFormat> declared, Class<? extends Refused> refusal) {
    all.add(new BadImage(what, bytes, declared, refusal));
  }
}
