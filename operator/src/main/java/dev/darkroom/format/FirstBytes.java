package dev.darkroom.format;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What bytes look like that are no disk image known here, for a message that helps.
 *
 * @param kind what it means for the verdict
 * @param sentence what is to be said of them, without a full stop
 * @param advice how the sentence goes on, with its own punctuation; may be empty
 */
record FirstBytes(Kind kind, String sentence, String advice) {

  /** What such a beginning means. */
  enum Kind {
    /** Never an image, whatever was declared. */
    HOPELESS,
    /** No disk begins so, but a kernel or a RAM disk may. */
    FILE,
    /** A disk may begin so. */
    DISK
  }

  private record Candidate(FirstBytes looks, Predicate<Bytes> fits) {}

  private static final FirstBytes OTHER =
      new FirstBytes(Kind.DISK, "the first bytes look like nothing that is known here", "");

  /** The first that fits is told. */
  private static final List<Candidate> CANDIDATES =
      List.of(
          hopeless("the source delivered no bytes at all", "", head -> head.length() == 0),
          hopeless(
              "the first bytes are an HTML page, not a disk image",
              ": open the URL in a browser to see what it answers",
              FirstBytes::isHtml),
          compressed("gzip", "\u001F\u008B\b"),
          compressed("bzip2", "BZh"),
          compressed("xz", "\u00FD7zXZ\0"),
          compressed("zstd", "(\u00B5/\u00FD"),
          compressed("lz4", "\u0004\"M\u0018"),
          archive("a zip archive", head -> head.at(0, "PK\u0003\u0004")),
          archive("a 7z archive", head -> head.at(0, "7z\u00BC\u00AF'\u001C")),
          archive("a tar archive (an OVA is one)", head -> head.at(257, "ustar")),
          file("a PDF document", head -> head.at(0, "%PDF-")),
          file("an XML document", head -> isText(head) && startOfText(head).startsWith("<")),
          file("a JSON document", FirstBytes::isJson),
          file("plain text", FirstBytes::isText),
          disk("an ext2, ext3 or ext4 file system", head -> head.at(1080, "S\u00EF")),
          disk("an XFS file system", head -> head.at(0, "XFSB")),
          disk("a squashfs file system", head -> head.at(0, "hsqs")),
          disk("an LVM physical volume", head -> head.at(512, "LABELONE")),
          disk("a UDF disc without ISO 9660", head -> head.at(32769, "BEA01")),
          disk("a boot sector without a partition table", head -> head.at(510, "U\u00AA")),
          disk("a program (ELF)", head -> head.at(0, "\u007FELF")),
          disk("a program for Windows or EFI", head -> head.at(0, "MZ")),
          disk("zeros", head -> head.isZero(0, head.length())));

  static FirstBytes of(Bytes head) {
    return CANDIDATES.stream()
        .filter(candidate -> candidate.fits().test(head))
        .map(Candidate::looks)
        .findFirst()
        .orElse(OTHER);
  }

  /** A note on what was accepted at its owner's word, if it is worth one. */
  List<String> asNotes() {
    return equals(OTHER) ? List.of() : List.of(sentence);
  }

  private static Candidate hopeless(String sentence, String advice, Predicate<Bytes> fits) {
    return new Candidate(new FirstBytes(Kind.HOPELESS, sentence, advice), fits);
  }

  private static Candidate compressed(String by, String magic) {
    String what = "the first bytes look like " + by + "-compressed data";
    return new Candidate(
        new FirstBytes(Kind.FILE, what, ": decompress it first"), head -> head.at(0, magic));
  }

  private static Candidate archive(String what, Predicate<Bytes> fits) {
    return new Candidate(
        new FirstBytes(
            Kind.FILE,
            "the first bytes look like " + what,
            ": unpack the disk image from it first"),
        fits);
  }

  private static Candidate file(String what, Predicate<Bytes> fits) {
    return new Candidate(new FirstBytes(Kind.FILE, "the first bytes look like " + what, ""), fits);
  }

  private static Candidate disk(String what, Predicate<Bytes> fits) {
    return new Candidate(new FirstBytes(Kind.DISK, "the first bytes look like " + what, ""), fits);
  }

  private static boolean isHtml(Bytes head) {
    String start = startOfText(head).toLowerCase(Locale.ROOT);
    if (start.startsWith("<?xml") || start.startsWith("<!--")) {
      return start.contains("<html");
    }
    return start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.startsWith("<head");
  }

  private static boolean isJson(Bytes head) {
    String start = startOfText(head);
    return (start.startsWith("{") || start.startsWith("[")) && isText(head);
  }

  private static boolean isText(Bytes head) {
    int length = Math.min(head.length(), 512);
    for (int i = 0; i < length; i++) {
      int c = head.u8(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The first kilobyte without a byte order mark and leading white space. */
  private static String startOfText(Bytes head) {
    String start = head.text(0, Math.min(head.length(), 1024));
    String unmarked = start.startsWith("\u00EF\u00BB\u00BF") ? start.substring(3) : start;
    return unmarked.stripLeading();
  }
}
