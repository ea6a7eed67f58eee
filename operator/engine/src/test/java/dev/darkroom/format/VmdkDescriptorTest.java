package dev.darkroom.format;

import static dev.darkroom.format.DiskFormat.VMDK;
import static dev.darkroom.format.DiskImages.MIB;
import static dev.darkroom.format.DiskImages.PLAIN_DESCRIPTOR;
import static dev.darkroom.format.DiskImages.ascii;
import static dev.darkroom.format.DiskImages.vmdk;
import static dev.darkroom.format.DiskImages.vmdkOfLongDescriptor;
import static dev.darkroom.format.Verdicts.accepted;
import static dev.darkroom.format.Verdicts.undeclared;
import static dev.darkroom.format.Verdicts.unsafe;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text inside a VMDK, as each of its readers may take it. */
class VmdkDescriptorTest {
  @Test
  void acceptsDescriptorsAsVMwareAndVirtualBoxWriteThem() {
    accepted(undeclared(vmdk(PLAIN_DESCRIPTOR.replace("\n", "\r\n")).bytes()), VMDK, MIB);
    accepted(
        undeclared(
            vmdk("""
                    # Disk DescriptorFile
                    version=1
                    encoding="UTF-8"
                    CID=fffffffe
                    parentCID=ffffffff
                    isNativeSnapshot="no"
                    createType="monolithicSparse"

                    # Extent description
                    RW 2048 SPARSE "disk.vmdk"

                    # The Disk Data Base
                    #DDB

                    ddb.adapterType = "lsilogic"
                    ddb.geometry.cylinders = "1"
                    ddb.longContentID = "0123456789abcdef0123456789abcdef"
                    ddb.uuid = "60 00 C2 9e 3b 43 8d 5e-0f 9b 4e 6e 3f 8b 21 07"
                    ddb.uuid.image="8a7c9d5e-1111-2222-3333-444455556666"
                    ddb.uuid.parent="00000000-0000-0000-0000-000000000000"
                    ddb.uuid.parentmodification="00000000-0000-0000-0000-000000000000"
                    ddb.virtualHWVersion = "13"
                    """)
                .bytes()),
        VMDK,
        MIB);
  }

  /** The size in the header is 1 sector; QEMU reads 20. */
  @Test
  void readsTheDescriptorAsFarAsQemuDoesWhateverTheHeaderSays() {
    String padded = PLAIN_DESCRIPTOR + "#".repeat(512 - PLAIN_DESCRIPTOR.length());
    String hidden = padded + "\nparentFileNameHint=\"/etc/shadow\"\n";

    unsafe(undeclared(vmdk(hidden).u64le(36, 1).bytes()), VMDK, "/etc/shadow");
    unsafe(undeclared(vmdk(padded + "\n what").u64le(36, 1).bytes()), VMDK, "not understood");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#parentFileNameHint=\"/etc/shadow\"",
        "# parentCID=12345678",
        "# x parentFileNameHint",
        "# Parent",
        "ddb.comment = \"parentFileNameHint=\"",
        "ddb.uuid.parent = \"8a7c9d5e-1111-2222-3333-444455556666\"",
        "parentCID=FFFFFFFF",
        "parentCID=ffffffff0"
      })
  void refusesTheWordParentInAnyLineButThatOfNoParent(String line) {
    unsafe(undeclared(vmdk(PLAIN_DESCRIPTOR + line + "\n").bytes()), VMDK, "names a parent disk");
    unsafe(undeclared(vmdk(line + "\n" + PLAIN_DESCRIPTOR).bytes()), VMDK, "names a parent disk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"# CID=1", "# createType=", "# RW 1 FLAT \"/etc/shadow\" 0"})
  void refusesCommentsThatASearchForAKeyMayFind(String comment) {
    unsafe(undeclared(vmdk(comment + "\n" + PLAIN_DESCRIPTOR).bytes()), VMDK, "comment");
  }

  @ParameterizedTest
  @CsvSource({
    "version=1,version=4",
    "CID=731b2901,CID=xyz",
    "version=1\\nCID=731b2901,CID=731b2901\\nversion=1",
    "CID=731b2901\\nparentCID=ffffffff,parentCID=ffffffff\\nCID=731b2901",
    "version=1\\n,\\n",
    "CID=731b2901\\n,\\n",
    "\\nparentCID=ffffffff,\\n",
    "version=1,version=1\\nversion=1",
    "ddb.adapterType,ddb.sidecars",
    "ddb.adapterType,adapterType",
    "version=1,' version=1'",
    "version=1,version = 1",
    "# Extent,\\tExtent"
  })
  void refusesDescriptorsWithOneLineThatIsUnknownMissingOrOutOfPlace(String old, String other) {
    String descriptor =
        PLAIN_DESCRIPTOR.replace(old.replace("\\n", "\n"), other.replace("\\n", "\n"));

    assertThat(descriptor).isNotEqualTo(PLAIN_DESCRIPTOR);
    unsafe(undeclared(vmdk(descriptor).bytes()), VMDK, "vmdk ");
  }

  @Test
  void refusesDescriptorsLongerThanQemuReads() {
    String comment = "#" + "x".repeat(1022) + "\n";

    unsafe(
        undeclared(vmdkOfLongDescriptor(comment.repeat(700) + PLAIN_DESCRIPTOR).bytes()),
        VMDK,
        "more than 10239 bytes");
    accepted(undeclared(vmdkOfLongDescriptor(PLAIN_DESCRIPTOR).bytes()), VMDK, MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/shadow", "..\\other.vmdk", "nbd:host:1", ""})
  void refusesExtentsThatNameOtherFiles(String name) {
    String descriptor = PLAIN_DESCRIPTOR.replace("disk.vmdk", name);

    unsafe(undeclared(vmdk(descriptor).bytes()), VMDK, "(" + name + "): an image must not read");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RW 2048 FLAT "disk-flat.vmdk" 0            | not a sparse one
          RW 2048 SPARSE disk.vmdk                   | not a sparse one
          RDONLY 2048 SPARSE "disk.vmdk"             | not a sparse one
          NOACCESS 2048 ZERO                         | not a sparse one
          RW 2048 SPARSE "disk.vmdk" 63              | not a sparse one
          RW 99999999999999999999 SPARSE "disk.vmdk" | not a sparse one
          RW 2047 SPARSE "disk.vmdk"                 | another size
          RW 2048 SPARSE "second.vmdk"               | 2 extents
          createType="monolithicSparse"              | createType twice
          parentFileNameHint="/srv/base.vmdk"        | /srv/base.vmdk
          ddb.nativeParentHint = "base.vmdk"         | base.vmdk
          parentCID=12345678                         | parent disk
          changeTrackPath="disk-ctk.vmdk"            | disk-ctk.vmdk
          what is this                               | not understood (what is this)
          =                                          | not understood (=)
          """)
  void refusesDescriptorsWithOneLineTooMany(String line, String says) {
    unsafe(undeclared(vmdk(PLAIN_DESCRIPTOR + "\n" + line + "\n").bytes()), VMDK, says);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAIN_DESCRIPTOR,
        "#\rx\nversion=1\nRW 1 FLAT \"/etc/shadow\" 0\n",
        "#\u0000\u0001\n\n  \r\nversion=3\r\nRW 1 FLAT \"/etc/shadow\" 0\n",
        "#comment\n\n  \nversion=1\nRW 1 FLAT \"/etc/shadow\" 0\n",
        "CID=1\nCREATETYPE=\"monolithicFlat\"\nRW 1 FLAT \"/etc/shadow\" 0\n"
      })
  void refusesDescriptorsWithoutTheirDisk(String descriptor) {
    unsafe(undeclared(ascii(descriptor)), VMDK, "names other files");
    unsafe(Verdicts.declared(DiskFormat.RAW, ascii(descriptor)), VMDK, "names other files");
  }
}
