package dev.darkroom.format;

import java.util.List;
import java.util.OptionalLong;

/** The verdict of an {@link Inspector}: accepted, or refused with the reason. */
public sealed interface Verdict {

  /**
   * The bytes are a valid image of that format, which reads no other file.
   *
   * @param format of the bytes; the declared format where one was declared
   * @param virtualSize size of the guest's disk in bytes; empty if the format does not record it
   * @param notes facts for an administrator, each a short phrase such as {@code "encrypted
   *     (luks)"}; often empty
   */
  record Accepted(DiskFormat format, OptionalLong virtualSize, List<String> notes)
      implements Verdict {
    public Accepted {
      notes = List.copyOf(notes);
    }
  }

  /** These bytes must not be stored. */
  sealed interface Refused extends Verdict {
    /**
     * One sentence for the owner of the image: the fault and, if one exists, the remedy. Text from
     * the image is printable ASCII, at most 100 characters of it.
     */
    String message();
  }

  /**
   * Recognised, but dangerous or malformed: the image reads other files, needs unknown features, is
   * two formats at once, or has fields that contradict each other.
   */
  record Unsafe(DiskFormat format, String message) implements Refused {}

  /** Recognised and harmless, but of another format than the declared one. */
  record Mismatch(DiskFormat declared, DiskFormat found, String message) implements Refused {}

  /** Recognised and without contradiction, but the file ends early. */
  record Truncated(DiskFormat format, String message) implements Refused {}

  /** Recognised, but the disk inside is larger than {@link InspectionLimits#maxVirtualBytes}. */
  record TooLarge(DiskFormat format, String message) implements Refused {}

  /**
   * Not a known disk image, and the declared format, if any, does not allow such bytes. The message
   * describes the first bytes.
   */
  record Unknown(String message) implements Refused {}
}
