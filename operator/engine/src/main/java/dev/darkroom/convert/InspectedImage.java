package dev.darkroom.convert;

import dev.darkroom.convert.ConvertException.Kind;
import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import java.nio.file.Path;

/**
 * A local file that an inspector read completely and accepted. No other process may write to the
 * file.
 *
 * @param file an absolute path
 * @param verdict of the inspector on exactly these bytes
 */
public record InspectedImage(Path file, Verdict.Accepted verdict) {

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException when it is relative
   */
  public InspectedImage {
    requireAbsolute(file);
  }

  /** The name of the format for qemu-img, which must not detect it. */
  String driver() throws ConvertException {
    boolean encrypted = verdict.notes().stream().anyMatch(note -> note.startsWith("encrypted"));
    if (encrypted || verdict.format() == DiskFormat.LUKS) {
      throw new ConvertException(
          Kind.ENCRYPTED,
          "The image is encrypted (%s), so it can't be converted: remove convertTo, or decrypt it first."
              .formatted(verdict.format().apiName()));
    }
    return switch (verdict.format()) {
      case RAW, GPT, ISO -> "raw";
      case QCOW2 -> "qcow2";
      case VMDK -> "vmdk";
      case VDI -> "vdi";
      case VHD -> "vpc";
      case VHDX -> "vhdx";
      case PLOOP, AMI, ARI, AKI, LUKS, QED ->
          throw new ConvertException(
              Kind.UNSUPPORTED,
              "An image of the format %s can't be converted."
                  .formatted(verdict.format().apiName()));
    };
  }

  static void requireAbsolute(Path file) {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("a path for qemu-img must be absolute");
    }
  }
}
