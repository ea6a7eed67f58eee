package dev.darkroom.format;

import java.util.List;
import java.util.function.UnaryOperator;

/** Sound images whose headers a fuzz test overwrites. */
final class FuzzSeeds {
  private FuzzSeeds() {}

  /** Bytes of an image that are worth overwriting. */
  record Range(int from, int to) {}

  /** An image, how its checksums are made right again, and where its headers are. */
  record Seed(ByteBuilder image, UnaryOperator<ByteBuilder> seal, List<Range> headers) {
    Seed(ByteBuilder image, UnaryOperator<ByteBuilder> seal, Range... headers) {
      this(image, seal, List.of(headers));
    }

    int headerBytes() {
      return headers.stream().mapToInt(range -> range.to() - range.from()).sum();
    }

    int offsetOf(int headerByte) {
      int left = headerByte;
      for (Range range : headers) {
        int length = range.to() - range.from();
        if (left < length) {
          return range.from() + left;
        }
        left -= length;
      }
      throw new AssertionError("not in a header: " + headerByte);
    }
  }

  private static final int KIB = 1 << 10;
  private static final int CLUSTER = Qcow2Image.CLUSTER_BYTES;
  private static final int BLOCKS = 2 << 20;
  private static final int METADATA = 3 << 20;

  static final List<Seed> ALL =
      List.of(
          new Seed(
              ByteBuilder.of(Qcow2Image.v2(1 << 30).bytes()), FuzzSeeds::asItIs, new Range(0, 80)),
          new Seed(
              ByteBuilder.of(Qcow2Image.v3(1 << 30).bytes()), FuzzSeeds::asItIs, new Range(0, 128)),
          new Seed(
              ByteBuilder.of(Qcow2Image.v3(1 << 30).withData().bytes()),
              FuzzSeeds::asItIs,
              new Range(CLUSTER, CLUSTER + 16),
              new Range(3 * CLUSTER, 3 * CLUSTER + 16),
              new Range(4 * CLUSTER, 4 * CLUSTER + 32)),
          new Seed(
              ByteBuilder.of(Qcow2Image.v3(1 << 30).encrypted().bytes()),
              FuzzSeeds::asItIs,
              new Range(0, 144)),
          new Seed(DiskImages.vmdk(), FuzzSeeds::asItIs, new Range(0, 80), new Range(512, 800)),
          new Seed(
              DiskImages.vmdk().u32le(26 * 512, 27).u32le(27 * 512, 128).cutTo(128 << 10),
              FuzzSeeds::asItIs,
              new Range(21 * 512, 21 * 512 + 8),
              new Range(26 * 512, 26 * 512 + 8),
              new Range(27 * 512, 27 * 512 + 32)),
          new Seed(
              DiskImages.streamOptimizedVmdk(),
              FuzzSeeds::copyHeaderToFooter,
              new Range(0, 80),
              new Range(512, 800)),
          new Seed(
              DiskImages.vdi(), FuzzSeeds::asItIs, new Range(0x40, 0x50), new Range(0x150, 0x220)),
          new Seed(
              DiskImages.dynamicVhd(),
              FuzzSeeds::sealVhd,
              new Range(0, 84),
              new Range(512, 560),
              new Range(1088, 1120),
              new Range(1536, 1552)),
          new Seed(
              DiskImages.fixedVhd(DiskImages.mbr().bytes()),
              FuzzSeeds::asItIs,
              new Range(446, 512),
              new Range(1 << 20, (1 << 20) + 84)),
          new Seed(
              VhdxImages.vhdx(),
              VhdxImages::sealVhdx,
              new Range(64 * KIB, 64 * KIB + 80),
              new Range(192 * KIB, 192 * KIB + 80),
              new Range(BLOCKS, BLOCKS + 16),
              new Range(METADATA, METADATA + 96),
              new Range(METADATA + 64 * KIB, METADATA + 64 * KIB + 16)),
          new Seed(
              DiskImages.iso(),
              FuzzSeeds::asItIs,
              new Range(0x8000, 0x8090),
              new Range(0x8800, 0x8808)),
          new Seed(DiskImages.mbr(), FuzzSeeds::asItIs, new Range(440, 512)),
          new Seed(DiskImages.gpt(), DiskImages::sealGpt, new Range(440, 604)),
          new Seed(DiskImages.luks1(), FuzzSeeds::asItIs, new Range(0, 260)),
          new Seed(
              DiskImages.luks2(),
              DiskImages::sealLuks2,
              new Range(0, 16),
              new Range(72, 104),
              new Range(256, 264),
              new Range(4096, 4220)),
          new Seed(new ByteBuilder(8 * KIB).text(0, "QED\0"), FuzzSeeds::asItIs, new Range(0, 64)));

  private static ByteBuilder asItIs(ByteBuilder image) {
    return image;
  }

  private static ByteBuilder copyHeaderToFooter(ByteBuilder vmdk) {
    int footer = vmdk.length() - 1024;
    return vmdk.put(footer, vmdk.part(0, 56)).put(footer + 64, vmdk.part(64, 20));
  }

  private static ByteBuilder sealVhd(ByteBuilder vhd) {
    DiskImages.sealVhdHeader(vhd);
    byte[] footer = DiskImages.sealedVhdFooter(vhd.part(0, 512));
    return vhd.put(0, footer).put(2048, footer);
  }
}
