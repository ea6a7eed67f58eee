package dev.darkroom.convert;

import dev.darkroom.format.DiskFormat;
import dev.darkroom.format.Verdict;
import java.nio.file.Path;

/**
 * A local file that an inspector saw every byte of and accepted. Only such files are shown to
 * qemu-img, which would open whatever an image names. Nobody else may write to the file.
 *
 * @param file an absolute path
 * @param verdict what the inspector said of just these bytes
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

  /** The format that qemu-img is told, never left to guess. */
  String driver() throws ConvertException {
    boolean encrypted = verdict.notes().stream().anyMatch(note -> note.startsWith("encrypted"));
    if (encrypted || verdict.format() == DiskFormat.LUKS) {
      throw new ConvertException(
          ConvertException.Kind.UNSUPPORTED, "An encrypted image can't be converted.");
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
              ConvertException.Kind.UNSUPPORTED,
              "An image of the format %s can't be converted."
                  .formatted(verdict.format().apiName()));
    };
  }

  static void requireAbsolute(Path file) {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("a path must be absolute to be told to qemu-img");
    }
  }
}
