package dev.darkroom.format;

/** Magic numbers at the end of a file by which readers recognise a format. */
final class Trailer {
  private static final String VHD_COOKIE = "conectix";
  private static final int VHD_FOOTER_BYTES = 512;

  /** Virtual PC before 2004 wrote a footer without its last byte. */
  private static final int OLD_VHD_FOOTER_BYTES = 511;

  private static final int APPLE_TRAILER_BYTES = 512;

  private Trailer() {}

  /** Recognises a VHD footer by its magic number only; ignores the rest of the footer. */
  static boolean isVhdFooter(Ending ending) {
    return at(ending, VHD_FOOTER_BYTES, VHD_COOKIE) || at(ending, OLD_VHD_FOOTER_BYTES, VHD_COOKIE);
  }

  /** Recognises the magic number, then version 4 and the length of the trailer. */
  static boolean isAppleDiskImage(Ending ending) {
    return at(ending, APPLE_TRAILER_BYTES, "koly\0\0\0\u0004\0\0\u0002\0");
  }

  private static boolean at(Ending ending, int fromEnd, String mark) {
    Bytes tail = ending.tail();
    return tail.length() >= fromEnd && tail.at(tail.length() - fromEnd, mark);
  }
}
