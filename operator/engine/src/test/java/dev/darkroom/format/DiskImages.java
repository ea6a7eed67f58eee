package dev.darkroom.format;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Sound small images of every format but qcow2, to be patched by tests that break something. */
final class DiskImages {
  static final int MIB = 1 << 20;
  static final String PLAIN_DESCRIPTOR =
      """
      # Disk DescriptorFile
      version=1
      CID=731b2901
      parentCID=ffffffff
      createType="monolithicSparse"

      # Extent description
      RW 2048 SPARSE "disk.vmdk"

      # The Disk Data Base
      #DDB
      ddb.adapterType = "ide"
      """;

  private DiskImages() {}

  /** 1 MiB, monolithicSparse, with that text as its descriptor. */
  static ByteBuilder vmdk(String descriptor) {
    return vmdkHeader(new ByteBuilder(64 << 10), 0)
        .u32le(4, 1)
        .u32le(8, 3)
        .u64le(48, 21)
        .u64le(56, 26)
        .text(512, descriptor);
  }

  static ByteBuilder vmdk() {
    return vmdk(PLAIN_DESCRIPTOR);
  }

  /** The same with room for a descriptor of a megabyte less its header. */
  static ByteBuilder vmdkOfLongDescriptor(String descriptor) {
    return vmdk(descriptor)
        .u64le(36, 2047)
        .u64le(48, 2050)
        .u64le(56, 2051)
        .u64le(64, 2304)
        .cutTo(2 * MIB);
  }

  /** 1 MiB, streamOptimized, with its grain directory behind the grains as VMware writes it. */
  static ByteBuilder streamOptimizedVmdk() {
    ByteBuilder blob = vmdkHeader(new ByteBuilder((128 + 8 + 3) * 512), 0);
    blob.u32le(4, 3)
        .u32le(8, 0x30001)
        .u64le(56, -1)
        .u16le(77, 1)
        .text(512, PLAIN_DESCRIPTOR.replace("monolithicSparse", "streamOptimized"));
    int footer = blob.length() - 1024;
    return blob.put(footer, blob.part(0, 512))
        .u64le(footer + 56, 129)
        .u64le(footer - 512, 1)
        .u32le(footer - 512 + 12, 3);
  }

  private static ByteBuilder vmdkHeader(ByteBuilder blob, int at) {
    return blob.text(at, "KDMV")
        .u64le(at + 12, 2048)
        .u64le(at + 20, 128)
        .u64le(at + 28, 1)
        .u64le(at + 36, 20)
        .u32le(at + 44, 512)
        .u64le(at + 64, 128)
        .text(at + 73, "\n \r\n");
  }

  /** 8 MiB, dynamic, nothing allocated. */
  static ByteBuilder vdi() {
    return new ByteBuilder(1024)
        .text(0, "<<< Oracle VM VirtualBox Disk Image >>>\n")
        .u32le(0x40, 0xBEDA107FL)
        .u32le(0x44, 0x10001)
        .u32le(0x48, 0x190)
        .u32le(0x4C, 1)
        .u32le(0x154, 512)
        .u32le(0x158, 1024)
        .u32le(0x168, 512)
        .u64le(0x170, 8L * MIB)
        .u32le(0x178, MIB)
        .u32le(0x180, 8)
        .put(512, ones(8 * 4));
  }

  /** 8 MiB, dynamic, nothing allocated: footer, header, table, footer. */
  static ByteBuilder dynamicVhd() {
    ByteBuilder blob = new ByteBuilder(512 + 1024 + 512);
    blob.text(512, "cxsparse")
        .u64be(512 + 8, -1)
        .u64be(512 + 16, 1536)
        .u32be(512 + 24, 0x10000)
        .u32be(512 + 28, 4)
        .u32be(512 + 32, 2 * MIB);
    sealVhdHeader(blob).put(1536, ones(4 * 4));
    byte[] footer = vhdFooter(8L * MIB, 3).u64be(16, 512).bytes();
    return blob.put(0, sealedVhdFooter(footer)).put(2048, sealedVhdFooter(footer));
  }

  /** That disk with a footer behind it. */
  static ByteBuilder fixedVhd(byte[] disk) {
    return ByteBuilder.of(disk)
        .put(disk.length, sealedVhdFooter(vhdFooter(disk.length, 2).u64be(16, -1).bytes()));
  }

  static ByteBuilder vhdFooter(long size, int type) {
    return new ByteBuilder(512)
        .text(0, "conectix")
        .u32be(8, 2)
        .u32be(12, 0x10000)
        .text(28, "test")
        .u64be(40, size)
        .u64be(48, size)
        .u32be(60, type);
  }

  static byte[] sealedVhdFooter(byte[] footer) {
    return new ByteBuilder(0).put(0, footer).u32be(64, onesComplement(footer, 64)).bytes();
  }

  static ByteBuilder sealVhdHeader(ByteBuilder vhd) {
    return vhd.u32be(512 + 36, onesComplement(vhd.part(512, 1024), 36));
  }

  private static long onesComplement(byte[] bytes, int checksumAt) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += i >= checksumAt && i < checksumAt + 4 ? 0 : bytes[i] & 0xFF;
    }
    return ~sum;
  }

  /** A volume of 40 blocks of 2 KiB. */
  static ByteBuilder iso() {
    return new ByteBuilder(40 * 2048)
        .u8(0x8000, 1)
        .text(0x8001, "CD001\u0001")
        .u32le(0x8000 + 80, 40)
        .u32be(0x8000 + 84, 40)
        .u16le(0x8000 + 128, 2048)
        .u16be(0x8000 + 130, 2048)
        .u8(0x8800, 255)
        .text(0x8801, "CD001\u0001");
  }

  /** A disk of 1 MiB with one bootable partition in an MBR. */
  static ByteBuilder mbr() {
    return withMbr(new ByteBuilder(MIB));
  }

  static ByteBuilder withMbr(ByteBuilder disk) {
    return disk.u8(446, 0x80).u8(450, 0x83).u32le(454, 63).u32le(458, 64).u16le(510, 0xAA55);
  }

  /** A disk of 1 MiB with a GPT. */
  static ByteBuilder gpt() {
    ByteBuilder blob =
        new ByteBuilder(MIB)
            .u8(448, 2)
            .u8(450, 0xEE)
            .u32le(454, 1)
            .u32le(458, 2047)
            .u16le(510, 0xAA55)
            .text(512, "EFI PART")
            .u32le(520, 0x10000)
            .u32le(524, 92)
            .u64le(536, 1)
            .u64le(544, 2047)
            .u64le(552, 34)
            .u64le(560, 2014)
            .u64le(584, 2)
            .u32le(592, 128)
            .u32le(596, 128);
    return sealGpt(blob);
  }

  static ByteBuilder sealGpt(ByteBuilder gpt) {
    CRC32 crc = new CRC32();
    crc.update(gpt.u32le(528, 0).part(512, 92));
    return gpt.u32le(528, crc.getValue());
  }

  /** Version 1: a header of 4 KiB and 64 KiB of data. */
  static ByteBuilder luks1() {
    ByteBuilder blob =
        new ByteBuilder((4 << 10) + (64 << 10))
            .text(0, "LUKS\u00BA\u00BE")
            .u16be(6, 1)
            .text(8, "aes")
            .text(40, "xts-plain64")
            .text(72, "sha256")
            .u32be(104, 8)
            .u32be(108, 64);
    for (int slot = 0; slot < 8; slot++) {
      blob.u32be(208 + slot * 48, slot == 0 ? 0x00AC71F3L : 0x0000DEADL);
    }
    return blob;
  }

  /** Version 2: twice 16 KiB of header, data from 64 KiB on, 64 KiB of it. */
  static ByteBuilder luks2() {
    return luks2(
        "{\"keyslots\":{},\"segments\":{\"0\":{\"type\":\"crypt\",\"offset\":\"65536\","
            + "\"size\":\"dynamic\"}},\"config\":{\"flags\":[1,2.5e3,true]}}");
  }

  static ByteBuilder luks2(String json) {
    return sealLuks2(
        new ByteBuilder(128 << 10)
            .text(0, "LUKS\u00BA\u00BE")
            .u16be(6, 2)
            .u64be(8, 16 << 10)
            .text(72, "sha256")
            .text(4096, json));
  }

  /** The same with its second header, which repeats the first or has other text. */
  static ByteBuilder luks2WithSecondHeader(String json) {
    int second = 16 << 10;
    ByteBuilder luks = luks2();
    luks.put(second, luks.part(0, second))
        .text(second, "SKUL\u00BA\u00BE")
        .u64be(second + 256, second)
        .text(second + 4096, json);
    return sealLuks2(luks, second);
  }

  static ByteBuilder sealLuks2(ByteBuilder luks) {
    return sealLuks2(luks, 0);
  }

  private static ByteBuilder sealLuks2(ByteBuilder luks, int at) {
    try {
      byte[] header = luks.put(at + 448, new byte[64]).part(at, 16 << 10);
      return luks.put(at + 448, MessageDigest.getInstance("SHA-256").digest(header));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** 4 MiB in clusters of 1 MiB, of which the second is stored. */
  static ByteBuilder ploop(String magic) {
    return new ByteBuilder(2 * MIB)
        .text(0, magic)
        .u32le(16, 2)
        .u32le(28, MIB / 512)
        .u32le(32, 4)
        .u64le(36, 4L * MIB / 512)
        .u32le(48, MIB / 512)
        .u32le(68, magic.endsWith("Ext") ? 1 : MIB / 512);
  }

  static ByteBuilder ploop() {
    return ploop("WithouFreSpacExt");
  }

  private static byte[] ones(int length) {
    byte[] ones = new byte[length];
    Arrays.fill(ones, (byte) -1);
    return ones;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
