package dev.darkroom.format;

import java.util.List;
import java.util.OptionalLong;

/** The verdict of an {@link Inspector}: accepted, or refused and why. */
public sealed interface Verdict {

  /**
   * The bytes are a sound image of that format, which reads no other file.
   *
   * @param format of the bytes; the declared format where one was declared
   * @param virtualSize bytes the guest's disk has; empty where the format does not say
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
     * One sentence for the owner of the image: the fault and, where there is one, the remedy. Text
     * from the image is printable ASCII, at most 100 characters of it.
     */
    String message();
  }

  /**
   * Recognised, and dangerous or malformed: it reads other files, needs features that are not
   * known, is two formats at once, or its fields contradict each other.
   */
  record Unsafe(DiskFormat format, String message) implements Refused {}

  /** Recognised and harmless, but of another format than the declared one. */
  record Mismatch(DiskFormat declared, DiskFormat found, String message) implements Refused {}

  /** Recognised and without contradiction, but the file ends early. */
  record Truncated(DiskFormat format, String message) implements Refused {}

  /** Recognised, but the disk inside is larger than {@link InspectionLimits#maxVirtualBytes}. */
  record TooLarge(DiskFormat format, String message) implements Refused {}

  /**
   * No disk image that is known here, and no format was declared that such bytes may have. The
   * message says what the first bytes look like.
   */
  record Unknown(String message) implements Refused {}
}
