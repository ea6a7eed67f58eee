package dev.darkroom.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Accepts bytes because of their declared format, such as a raw disk or a kernel. A raw disk may
 * have a partition table, which only the guest reads: an error in it is a note, not a refusal.
 */
final class OpaqueProbe implements FormatProbe {
  private final DiskFormat declared;
  private final Optional<GptProbe> partitions;
  private final List<String> notes;
  private OptionalLong virtualSize = OptionalLong.empty();

  private OpaqueProbe(DiskFormat declared, Optional<GptProbe> partitions, List<String> notes) {
    this.declared = declared;
    this.partitions = partitions;
    this.notes = new ArrayList<>(notes);
  }

  /** Makes a probe for bytes of that format, with notes on their likely content. */
  static OpaqueProbe of(DiskFormat declared, List<String> notes) {
    return new OpaqueProbe(declared, Optional.empty(), notes);
  }

  /** Makes a probe for a raw disk that begins with a partition table. */
  static OpaqueProbe partitioned() {
    return new OpaqueProbe(DiskFormat.RAW, Optional.of(new GptProbe()), List.of());
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
    if (partitions.isPresent()) {
      notes.addAll(PartitionTable.notes(head));
      try {
        Optional<Window> unused = partitions.get().begin(head);
      } catch (Refusal refusal) {
        notes.add("partition table contradicts itself");
      }
    }
    return Optional.empty();
  }

  @Override
  public void end(Ending ending) {
    if (declared == DiskFormat.RAW) {
      virtualSize = OptionalLong.of(ending.totalBytes());
    }
    if (partitions.isPresent()) {
      try {
        partitions.get().end(ending);
      } catch (Refusal refusal) {
        notes.add("partition table reaches past the end of the file");
      }
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
