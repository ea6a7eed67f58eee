package dev.darkroom.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that QEMU reads in another way than their headers say: shown with QEMU, and refused. */
class QemuReadsTest extends QemuDirectory {
  /** QEMU ignores the length of the header and the bytes in front of each block. */
  @Test
  void refusesVdisThatQemuReadsInAnotherWayThanVirtualBox() throws Exception {
    made("made.img", DiskImages.vdi().u32le(0x17C, 512));

    assertThat(qemuInfo("vdi")).contains("\"format\": \"vdi\"");
    Verdicts.unsafe(undeclared("made.img"), DiskFormat.VDI, "extra bytes");
  }

  /** Shows that QEMU follows a name that the header or a comment hides, and that it is refused. */
  @ParameterizedTest
  @ValueSource(strings = {"", "#", "# see ", "ddb.comment = \""})
  void refusesParentsThatQemuFindsBehindTheDescriptorAndInComments(String before) throws Exception {
    String padded = DiskImages.PLAIN_DESCRIPTOR;
    padded += "#".repeat(511 - padded.length()) + "\n";
    String hidden = padded + before + "parentFileNameHint=\"base.vmdk\"\n";
    made("made.img", DiskImages.vmdk(hidden).u64le(36, 1));

    assertThat(qemuInfo("vmdk")).contains("\"backing-filename\": \"base.vmdk\"");
    Verdicts.unsafe(undeclared("made.img"), DiskFormat.VMDK, "base.vmdk");
  }

  @Test
  void refusesVmdkGrainsThatQemuTakesForTheDescriptor() throws Exception {
    made("made.img", DiskImages.vmdk().u32le(26 * 512, 27).u32le(27 * 512, 1).cutTo(128 << 10));

    qemuImg("convert", "-f", "vmdk", "-O", "raw", "made.img", "disk.raw");

    assertThat(new String(made("disk.raw"), 0, 21, StandardCharsets.ISO_8859_1))
        .isEqualTo("# Disk DescriptorFile");
    Verdicts.unsafe(undeclared("made.img"), DiskFormat.VMDK, "grain on top of its metadata");
  }

  @Test
  void refusesVmdksThatQemuTakesForCompressedAndOthersDoNot() throws Exception {
    made("made.img", DiskImages.vmdk().u16le(77, 1));

    assertThat(qemuInfo("vmdk")).contains("\"create-type\": \"streamOptimized\"");
    Verdicts.unsafe(undeclared("made.img"), DiskFormat.VMDK, "compressed");
  }

  /** The comment holds a carriage return, which ends no line for QEMU. */
  @Test
  void refusesDescriptorsThatQemuRecognisesByItself() throws Exception {
    made(
        "made.img", ByteBuilder.of(DiskImages.ascii("#\rx\nversion=1\n" + "#".repeat(600) + "\n")));

    String info = output(List.of("qemu-img", "info", "--output=json", "made.img"));

    assertThat(info).as("QEMU finds a VMDK without a createType").contains("VMDK");
    Verdicts.unsafe(
        Verdicts.declared(DiskFormat.RAW, made("made.img")), DiskFormat.VMDK, "names other files");
  }
}
