package dev.darkroom.format;

import java.util.List;
import java.util.OptionalLong;

/** What an {@link Inspector} makes of the bytes it saw: accepted, or refused and why. */
public sealed interface Verdict {

  /**
   * The bytes are a sound image of that format and read nothing but themselves.
   *
   * @param format what they are; the declared format where one was declared
   * @param virtualSize bytes the guest's disk has; empty where the format does not say
   * @param notes what an operator may want to know, each a short phrase such as {@code "encrypted
   *     (luks)"}; often empty
   */
  record Accepted(DiskFormat format, OptionalLong virtualSize, List<String> notes)
      implements Verdict {
    public Accepted {
      notes = List.copyOf(notes);
    }
  }

  /** No copy of these bytes may become visible. */
  sealed interface Refused extends Verdict {
    /**
     * One sentence for the image's owner: what is wrong and, where something helps, what helps.
     * Text taken from the image is printable ASCII, and short.
     */
    String message();
  }

  /**
   * Recognised, and dangerous or malformed: it reads other files, needs features nobody knows, is
   * two formats at once, or its header contradicts itself.
   */
  record Unsafe(DiskFormat format, String message) implements Refused {}

  /** Recognised and harmless, but not what was declared. */
  record Mismatch(DiskFormat declared, DiskFormat found, String message) implements Refused {}

  /** Recognised, but the file ends before what its header promises. */
  record Truncated(DiskFormat format, String message) implements Refused {}

  /** Recognised, but the disk inside is larger than {@link InspectionLimits#maxVirtualBytes}. */
  record TooLarge(DiskFormat format, String message) implements Refused {}

  /**
   * Nothing that an inspector knows, and no format was declared that such bytes may have. The
   * message says what the first bytes look like.
   */
  record Unknown(String message) implements Refused {}
}
