package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Bytes that nobody recognises or needs to, taken at their owner's word. */
final class OpaqueProbe implements FormatProbe {
  private final DiskFormat declared;
  private final List<String> notes;
  private OptionalLong virtualSize = OptionalLong.empty();

  OpaqueProbe(DiskFormat declared, List<String> notes) {
    this.declared = declared;
    this.notes = List.copyOf(notes);
  }

  @Override
  public DiskFormat format() {
    return declared;
  }

  @Override
  public boolean recognises(Bytes head) {
    return true;
  }

  @Override
  public Optional<Window> begin(Bytes head) {
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) {
    if (declared == DiskFormat.RAW) {
      virtualSize = OptionalLong.of(ending.totalBytes());
    }
  }

  @Override
  public OptionalLong virtualSize() {
    return virtualSize;
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
