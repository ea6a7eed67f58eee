package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.AKI;
import static dev.darkroom.format.DiskFormat.ISO;
import static dev.darkroom.format.DiskFormat.LUKS;
import static dev.darkroom.format.DiskFormat.QCOW2;
import static dev.darkroom.format.DiskFormat.RAW;
import static dev.darkroom.format.DiskFormat.VDI;
import static dev.darkroom.format.DiskFormat.VHD;
import static dev.darkroom.format.DiskFormat.VHDX;
import static dev.darkroom.format.DiskFormat.VMDK;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.iso;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.declared;
import static dev.darkroom.format.Verdicts.tooLarge;
import static dev.darkroom.format.Verdicts.truncated;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Virtual sizes: none, odd ones, and more than a limit. */
class DiskSizeTest {
  private static final long TIB = 1L << 40;

  @Test
  void refusesDisksWithoutASector() {
    unsafe(undeclared(Qcow2Image.v3(0).bytes()), QCOW2, "a disk of 0 bytes");
    unsafe(undeclared(DiskImages.vdi().u64le(0x170, 0).bytes()), VDI, "a disk of 0 bytes");
    unsafe(undeclared(dynamicVhd(0).bytes()), VHD, "a disk of 0 bytes");
    unsafe(undeclared(DiskImages.fixedVhd(new byte[0]).bytes()), VHD, "vhd ");
    unsafe(undeclared(vhdx(0).bytes()), VHDX, "a disk of 0 bytes");
    truncated(undeclared(DiskImages.luks1().cutTo(4096).bytes()), LUKS, "data segment begins");
  }

  @Test
  void refusesRawDisksOfLessThanASector() {
    truncated(declared(RAW, new byte[1]), RAW, "a disk of 1 bytes");
    truncated(declared(RAW, new byte[511]), RAW, "a disk of 511 bytes");
    accepted(declared(RAW, new byte[512]), RAW, 512);
    assertThat(declared(AKI, new byte[1]))
        .as("a kernel is no disk")
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void notesSizesThatAreNoNumberOfWholeSectors() {
    String note = "virtual size is no multiple of 512 bytes";
    assertThat(accepted(declared(RAW, new byte[1000]), RAW, 1000).notes()).contains(note);
    assertThat(accepted(undeclared(Qcow2Image.v3(1000).bytes()), QCOW2, 1000).notes())
        .containsExactly(note);
    assertThat(accepted(undeclared(Qcow2Image.v3(1024).bytes()), QCOW2, 1024).notes()).isEmpty();
  }

  @Test
  void countsThePaddingOfAnIso() {
    accepted(undeclared(iso().cutTo(40 * 2048 + 300 * 1024).bytes()), ISO, 40 * 2048 + 300 * 1024);
  }

  @Test
  void refusesDisksAboveTheLimit() {
    tooLarge(
        limited(Qcow2Image.v3(MIB).bytes(), Optional.empty(), MIB - 1), QCOW2, "a disk of 1048576");
    accepted(limited(Qcow2Image.v3(MIB).bytes(), Optional.empty(), MIB), QCOW2, MIB);
    tooLarge(limited(new byte[1024], Optional.of(RAW), 512), RAW, "more than the 512 allowed");
    tooLarge(limited(vhdx(8L * MIB).bytes(), Optional.empty(), MIB), VHDX, "a disk of 8388608");
    tooLarge(limited(iso().bytes(), Optional.empty(), 2048), ISO, "a disk of 81920");
    String descriptor = DiskImages.PLAIN_DESCRIPTOR.replace("2048", Long.toString(1L << 40));
    byte[] vmdk =
        DiskImages.vmdk(descriptor).u64le(12, 1L << 40).u64le(20, 1 << 20).u64le(48, 70).bytes();
    tooLarge(undeclared(vmdk), VMDK, "--max-virtual-size");
  }

  /** The head of a qcow2 of 100 TiB is all that has to be transferred. */
  @Test
  void refusesDisksAboveTheLimitAsSoonAsTheHeaderTells() {
    byte[] head = Qcow2Image.v3(MIB).u64(24, 100 * TIB).u32(20, 21).u32(36, 64).bytes();
    Inspector inspector = Inspector.of(Optional.empty());

    inspector.update(ByteBuffer.wrap(head, 0, Inspector.HEAD_BYTES));

    assertThat(inspector.early()).isPresent();
  }

  @Test
  void limitsAreNotBelowASector() {
    assertThat(InspectionLimits.defaults().maxVirtualBytes()).isEqualTo(64 * TIB);
    assertThatIllegalArgumentException().isThrownBy(() -> new InspectionLimits(511));
  }

  private static Verdict limited(byte[] image, Optional<DiskFormat> declared, long bytes) {
    Inspector inspector = Inspector.of(declared, new InspectionLimits(bytes));
    inspector.update(ByteBuffer.wrap(image));
    return inspector.finish(image.length);
  }

  private static ByteBuilder dynamicVhd(long size) {
    byte[] footer =
        DiskImages.sealedVhdFooter(DiskImages.vhdFooter(size, 3).u64be(16, 512).bytes());
    return DiskImages.dynamicVhd().put(0, footer).put(2048, footer);
  }

  private static ByteBuilder vhdx(long size) {
    return VhdxImages.vhdx().u64le(3 * MIB + (64 << 10) + 8, size);
  }
}
