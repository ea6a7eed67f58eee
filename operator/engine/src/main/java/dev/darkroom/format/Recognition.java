package dev.darkroom.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The policy: selects the probe of a file, and decides whether the found format is accepted. */
final class Recognition {
  private static final int SECTOR = 512;

  private final Optional<DiskFormat> declared;
  private final InspectionLimits limits;
  private final List<FormatProbe> probes =
      List.of(
          new Qcow2Probe(),
          new VmdkProbe(),
          new VdiProbe(),
          new VhdProbe(),
          new VhdxProbe(),
          new IsoProbe(),
          new GptProbe(),
          new LuksProbe(),
          new PloopProbe(),
          new QedProbe());

  Recognition(Optional<DiskFormat> declared, InspectionLimits limits) {
    this.declared = declared;
    this.limits = limits;
  }

  /**
   * Selects the probe of the file by its first {@link Inspector#HEAD_BYTES}, or by the whole file.
   */
  FormatProbe recognise(Bytes head) throws Refusal {
    FirstBytes looks = FirstBytes.of(head);
    if (looks.kind() == FirstBytes.Kind.NOTHING) {
      throw unknown(looks);
    }
    List<FormatProbe> found = probes.stream().filter(probe -> probe.recognises(head)).toList();
    boolean partitioned = found.stream().anyMatch(GptProbe.class::isInstance);
    List<FormatProbe> others =
        found.stream().filter(probe -> !(probe instanceof GptProbe)).toList();
    if (others.isEmpty() && looks.kind() != FirstBytes.Kind.DISK) {
      // An archive or a kernel may have the last two bytes of a boot sector without being a disk.
      return ofUnrecognised(looks);
    }
    if (partitioned && (others.isEmpty() || others.get(0) instanceof IsoProbe)) {
      return others.isEmpty() ? ofPartitionedDisk() : only(others);
    }
    return found.isEmpty() ? ofUnrecognised(looks) : only(found);
  }

  /** Refuses bytes whose format is not the declared format. */
  void requireDeclared(FormatProbe probe) throws Refusal {
    if (declared.isPresent() && declared.get() != probe.format()) {
      throw mismatch(declared.get(), probe);
    }
  }

  /** Returns the verdict on a file whose head and windows have passed. */
  Verdict conclude(FormatProbe probe, boolean unseen, Ending ending) throws Refusal {
    if (unseen) {
      throw Refusal.truncated(
          probe.format(), probe.name() + " is cut off before the end of its metadata");
    }
    FormatProbe judge = probe;
    if (!(probe instanceof VhdProbe)) {
      requireNoTrailer(probe, ending);
      judge = VhdProbe.endsAsFixed(ending) ? ofFixedVhd() : probe;
    }
    judge.end(ending);
    requireSize(judge);
    return accepted(judge);
  }

  /**
   * Refuses a disk that is too large or smaller than one sector; accepts a disk of unknown size.
   */
  void requireSize(FormatProbe probe) throws Refusal {
    long bytes = probe.virtualSize().orElse(SECTOR);
    if (bytes > limits.maxVirtualBytes()) {
      throw Refusal.tooLarge(
          probe.format(),
          "%s holds a disk of %d bytes, more than the %d allowed (--max-virtual-size)"
              .formatted(probe.name(), bytes, limits.maxVirtualBytes()));
    }
    if (bytes < SECTOR) {
      String sentence =
          "%s holds a disk of %d bytes: a disk has at least one sector of 512"
              .formatted(probe.name(), bytes);
      throw probe instanceof OpaqueProbe
          ? Refusal.truncated(probe.format(), sentence)
          : Refusal.unsafe(probe.format(), sentence);
    }
  }

  Verdict accepted(FormatProbe probe) {
    List<String> notes = new ArrayList<>(probe.notes());
    if (probe.virtualSize().orElse(0) % SECTOR != 0) {
      notes.add("virtual size is no multiple of 512 bytes");
    }
    return new Verdict.Accepted(probe.format(), probe.virtualSize(), notes);
  }

  private FormatProbe ofPartitionedDisk() {
    if (declared.equals(Optional.of(DiskFormat.RAW))) {
      return OpaqueProbe.partitioned();
    }
    return declared.equals(Optional.of(DiskFormat.VHD)) ? new VhdProbe() : new GptProbe();
  }

  private FormatProbe ofUnrecognised(FirstBytes looks) throws Refusal {
    if (declared.isPresent() && looks.mayBe(declared.get())) {
      return OpaqueProbe.of(declared.get(), looks.asNotes());
    }
    if (declared.equals(Optional.of(DiskFormat.VHD)) && looks.kind() == FirstBytes.Kind.DISK) {
      return new VhdProbe();
    }
    throw unknown(looks);
  }

  private static FormatProbe only(List<FormatProbe> found) throws Refusal {
    if (found.size() > 1) {
      String names = found.stream().map(FormatProbe::name).collect(Collectors.joining(" and "));
      throw Refusal.unsafe(
          found.get(0).format(),
          "the bytes are " + names + " at once: an image must be one format, or readers disagree");
    }
    return found.get(0);
  }

  /**
   * Refuses a file with the footer of another format. A reader that searches for a footer, such as
   * QEMU's for VHD, recognises the magic number and does not check the rest of the footer.
   */
  private void requireNoTrailer(FormatProbe probe, Ending ending) throws Refusal {
    if (Trailer.isAppleDiskImage(ending)) {
      throw probe instanceof OpaqueProbe || probe instanceof GptProbe
          ? Refusal.unknown(
              "the last bytes look like an Apple disk image (dmg): convert it to raw first")
          : twoFormats(probe, "dmg");
    }
    boolean disk = probe instanceof GptProbe || probe instanceof OpaqueProbe;
    if (Trailer.isVhdFooter(ending) && !(disk && VhdProbe.endsAsFixed(ending))) {
      throw twoFormats(probe, "vhd");
    }
  }

  /** Selects the probe of a fixed VHD: a disk with a footer. Only a disk may precede the footer. */
  private FormatProbe ofFixedVhd() throws Refusal {
    VhdProbe vhd = new VhdProbe();
    requireDeclared(vhd);
    return vhd;
  }

  private static Refusal twoFormats(FormatProbe probe, String ending) {
    return Refusal.unsafe(
        probe.format(),
        "the bytes are %s by their beginning and %s by their end: an image must be one format"
            .formatted(probe.name(), ending));
  }

  private Refusal unknown(FirstBytes looks) {
    String said = declared.map(format -> "declared as " + format.apiName() + ", but ").orElse("");
    String advice =
        declared.isEmpty() && looks.kind() == FirstBytes.Kind.DISK
            ? "; if they are a raw disk, declare diskFormat: raw"
            : looks.advice();
    return Refusal.unknown(said + looks.sentence() + advice);
  }

  private static Refusal mismatch(DiskFormat declared, FormatProbe found) {
    String format = found.format().apiName();
    return Refusal.mismatch(
        declared,
        found.format(),
        "declared as %s, but the bytes are %s: declare diskFormat: %s, or convert the image"
            .formatted(declared.apiName(), found.name(), format));
  }
}
