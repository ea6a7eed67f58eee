package dev.darkroom.convert;

import dev.darkroom.format.DiskFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The formats that images can be converted to. */
public enum TargetFormat {
  /** The bytes of the disk, with holes where 4 KiB or more are zero. */
  RAW(DiskFormat.RAW, List.of("-O", "raw", "-S", "4k")),
  /** Version 3, which qemu calls 1.1. */
  QCOW2(DiskFormat.QCOW2, List.of("-O", "qcow2", "-o", "compat=1.1"));

  private final DiskFormat format;

  /** Made by {@code List.of}, so immutable; the checker sees only a List. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> arguments;

  TargetFormat(DiskFormat format, List<String> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  /** The format as inspectors name it. */
  public DiskFormat format() {
    return format;
  }

  /** The target of that format, if images can be converted to it. */
  public static Optional<TargetFormat> of(DiskFormat format) {
    return switch (format) {
      case RAW -> Optional.of(RAW);
      case QCOW2 -> Optional.of(QCOW2);
      default -> Optional.empty();
    };
  }

  /**
   * The arguments for qemu-img.
   *
   * @param source the image, in the JSON form of a file name
   */
  List<String> arguments(String source, Path destination) {
    List<String> all = new ArrayList<>(List.of("convert", "-p"));
    all.addAll(arguments);
    all.addAll(List.of(source, "file:" + destination));
    return all;
  }

  /** How many bytes a file may have that holds a disk of that size, all of it written. */
  long longest(long virtualSize) {
    long slack = 32L << 20;
    return virtualSize + slack + (this == QCOW2 ? virtualSize / 1000 : 0);
  }
}
