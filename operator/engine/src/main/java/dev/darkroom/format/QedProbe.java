package dev.darkroom.format;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * QEMU enhanced disk. Always refused: no current program writes this format, and such an image can
 * name a backing file.
 *
 * <p>Source: QEMU {@code docs/interop/qed_spec.rst}.
 */
final class QedProbe implements FormatProbe {
  @Override
  public DiskFormat format() {
    return DiskFormat.QED;
  }

  @Override
  public boolean recognises(Bytes head) {
    return head.at(0, "QED\0");
  }

  @Override
  public Optional<Window> begin(Bytes head) throws Refusal {
    throw Refusal.unsafe(
        DiskFormat.QED, "qed is an abandoned format: convert it to qcow2 with qemu-img convert");
  }

  @Override
  public void end(Ending ending) {
    // Not reached: begin always refuses.
  }

  @Override
  public OptionalLong virtualSize() {
    return OptionalLong.empty();
  }
}
