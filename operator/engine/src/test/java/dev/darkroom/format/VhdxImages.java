package dev.darkroom.format;

import static dev.darkroom.format.DiskImages.MIB;

import java.util.zip.CRC32C;

/** A sound small VHDX, to be patched by tests that break something. */
final class VhdxImages {
  private VhdxImages() {}

  /** 8 MiB, dynamic, nothing allocated: log at 1 MiB, block table at 2 MiB, metadata at 3 MiB. */
  static ByteBuilder vhdx() {
    ByteBuilder blob = new ByteBuilder(4 * MIB).text(0, "vhdxfile");
    for (int at : new int[] {64 << 10, 128 << 10}) {
      blob.text(at, "head").u64le(at + 8, at).u16le(at + 66, 1).u32le(at + 68, MIB);
      blob.u64le(at + 72, MIB);
    }
    for (int at : new int[] {192 << 10, 256 << 10}) {
      blob.text(at, "regi")
          .u32le(at + 8, 2)
          .guid(at + 16, "2dc27766-f623-4200-9d64-115e9bfd4a08")
          .u64le(at + 32, 2 * MIB)
          .u32le(at + 40, MIB)
          .u32le(at + 44, 1)
          .guid(at + 48, "8b7ca206-4790-4b9a-b8fe-575f050f886e")
          .u64le(at + 64, 3 * MIB)
          .u32le(at + 72, MIB)
          .u32le(at + 76, 1);
    }
    int metadata = 3 * MIB;
    blob.text(metadata, "metadata")
        .u16le(metadata + 10, 5)
        .guid(metadata + 32, "caa16737-fa36-4d43-b3b6-33f0aa44e76b")
        .u32le(metadata + 48, 64 << 10)
        .u32le(metadata + 52, 8)
        .u32le(metadata + 56, 4)
        .guid(metadata + 64, "2fa54224-cd1b-4876-b211-5dbed83bf4b8")
        .u32le(metadata + 80, (64 << 10) + 8)
        .u32le(metadata + 84, 8)
        .u32le(metadata + 88, 6)
        .guid(metadata + 96, "beca12ab-b2e6-4523-93ef-c309e000c746")
        .u32le(metadata + 112, (64 << 10) + 32)
        .u32le(metadata + 116, 16)
        .u32le(metadata + 120, 6)
        .guid(metadata + 128, "8141bf1d-a96f-4709-ba47-f233a8faab5f")
        .u32le(metadata + 144, (64 << 10) + 16)
        .u32le(metadata + 148, 4)
        .u32le(metadata + 152, 6)
        .guid(metadata + 160, "cda348c7-445d-4471-9cc9-e9885251c556")
        .u32le(metadata + 176, (64 << 10) + 20)
        .u32le(metadata + 180, 4)
        .u32le(metadata + 184, 6)
        .u32le(metadata + (64 << 10), 8 * MIB)
        .u64le(metadata + (64 << 10) + 8, 8L * MIB)
        .u32le(metadata + (64 << 10) + 16, 512)
        .u32le(metadata + (64 << 10) + 20, 4096);
    return sealVhdx(blob);
  }

  /** Makes the checksums of headers and region tables right again. */
  static ByteBuilder sealVhdx(ByteBuilder vhdx) {
    sealVhdx(vhdx, 64 << 10, 4 << 10);
    sealVhdx(vhdx, 128 << 10, 4 << 10);
    sealVhdx(vhdx, 192 << 10, 64 << 10);
    return sealVhdx(vhdx, 256 << 10, 64 << 10);
  }

  private static ByteBuilder sealVhdx(ByteBuilder vhdx, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(vhdx.u32le(at + 4, 0).part(at, length));
    return vhdx.u32le(at + 4, crc.getValue());
  }
}
