package dev.darkroom.format;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The likely content of bytes that are not a known disk image, for a helpful message.
 *
 * @param kind the declared formats that the bytes may have
 * @param sentence describes the bytes, without a full stop
 * @param advice the rest of the sentence, with its own punctuation; may be empty
 */
record FirstBytes(Kind kind, String sentence, String advice) {

  /** The declared formats that bytes may have. */
  enum Kind {
    /** None: the file is empty, or is a page that a server sent instead of a file. */
    NOTHING,
    /** None: an archive or a document. It may contain a disk, but is not a disk. */
    CONTAINER,
    /** A kernel or a RAM disk ({@code aki}, {@code ari}), but no disk. */
    BOOT_FILE,
    /** Every format that can't be recognised. */
    DISK
  }

  private record Candidate(FirstBytes looks, Predicate<Bytes> fits) {}

  private static final String UNPACK = ": unpack the disk image from it first";
  private static final String DECOMPRESS = ": decompress it first";
  private static final String IMAGE_ITSELF = ": give the URL of the disk image itself";
  private static final String KERNEL =
      ": a kernel is declared as diskFormat: aki, a RAM disk as diskFormat: ari";

  private static final FirstBytes OTHER =
      new FirstBytes(Kind.DISK, "the first bytes look like nothing that is known here", "");

  /** Tried in this order; the first match counts. */
  private static final List<Candidate> CANDIDATES =
      List.of(
          nothing("the source delivered no bytes at all", "", head -> head.length() == 0),
          nothing(
              "the first bytes are an HTML page, not a disk image",
              ": open the URL in a browser to see what it answers",
              Texts::isHtml),
          bootFile("gzip-compressed data", DECOMPRESS, at(0, "\u001F\u008B\b")),
          bootFile("bzip2-compressed data", DECOMPRESS, FirstBytes::isBzip2),
          bootFile("xz-compressed data", DECOMPRESS, at(0, "\u00FD7zXZ\0")),
          bootFile("zstd-compressed data", DECOMPRESS, at(0, "(\u00B5/\u00FD")),
          bootFile("lz4-compressed data", DECOMPRESS, at(0, "\u0004\"M\u0018")),
          bootFile("lz4-compressed data", DECOMPRESS, at(0, "\u0002!L\u0018")),
          bootFile("lzma-compressed data", DECOMPRESS, FirstBytes::isLzma),
          bootFile("lzo-compressed data", DECOMPRESS, at(0, "\u0089LZO\0\r\n")),
          bootFile("lzip-compressed data", DECOMPRESS, at(0, "LZIP\u0001")),
          bootFile("a cpio archive", KERNEL, FirstBytes::isCpio),
          container("a zip archive", UNPACK, at(0, "PK\u0003\u0004")),
          container("an empty zip archive", UNPACK, at(0, "PK\u0005\u0006")),
          container("a 7z archive", UNPACK, at(0, "7z\u00BC\u00AF'\u001C")),
          container("a RAR archive", UNPACK, at(0, "Rar!\u001A\u0007")),
          container("a tar archive (an OVA is one)", UNPACK, FirstBytes::isTar),
          container("an ar archive (a .deb is one)", UNPACK, at(0, "!<arch>\n")),
          container("an RPM package", UNPACK, at(0, "\u00ED\u00AB\u00EE\u00DB")),
          container("a cabinet archive", UNPACK, at(0, "MSCF\0\0\0\0")),
          container("a Windows image (WIM)", UNPACK, at(0, "MSWIM\0\0\0")),
          container("a xar archive", UNPACK, at(0, "xar!\0")),
          container("an EnCase image", UNPACK, at(0, "EVF\t\r\n\u00FF\0")),
          container("a Bochs disk", ": convert it first", at(0, "Bochs Virtual HD Image")),
          container("a PDF document", IMAGE_ITSELF, at(0, "%PDF-")),
          container(
              "a Microsoft document",
              IMAGE_ITSELF,
              at(0, "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1")),
          container("a picture", IMAGE_ITSELF, at(0, "\u0089PNG\r\n\u001A\n")),
          container("a picture", IMAGE_ITSELF, at(0, "\u00FF\u00D8\u00FF\u00E0")),
          container(
              "a Git LFS pointer",
              ": fetch the file that it stands for, with git lfs pull",
              Texts::isLfsPointer),
          container("an XML document", IMAGE_ITSELF, Texts::isXml),
          container("a JSON document", IMAGE_ITSELF, Texts::isJson),
          container("a list of checksums", IMAGE_ITSELF, Texts::isChecksums),
          container("plain text", IMAGE_ITSELF, Texts::isText),
          container("plain text in UTF-16", IMAGE_ITSELF, Texts::isUtf16),
          bootFile("a program (ELF)", KERNEL, FirstBytes::isElf),
          bootFile("a Linux kernel", KERNEL, at(514, "HdrS")),
          bootFile("a Linux kernel", KERNEL, at(56, "ARMd")),
          bootFile("a U-Boot image", KERNEL, at(0, "'\u0005\u0019V")),
          bootFile("an Android boot image", KERNEL, at(0, "ANDROID!")),
          bootFile("a program for Windows or EFI", KERNEL, FirstBytes::isPortableExecutable),
          bootFile("a program for macOS", KERNEL, FirstBytes::isMachO),
          disk("an ext2, ext3 or ext4 file system", at(1080, "S\u00EF")),
          disk("an XFS file system", at(0, "XFSB")),
          disk("a squashfs file system", at(0, "hsqs")),
          disk("an LVM physical volume", at(512, "LABELONE")),
          disk("a UDF disc without ISO 9660", at(32769, "BEA01")),
          disk("a boot sector without a partition table", at(510, "U\u00AA")),
          disk("zeros", head -> head.isZero(0, head.length())));

  static FirstBytes of(Bytes head) {
    return CANDIDATES.stream()
        .filter(candidate -> candidate.fits().test(head))
        .map(Candidate::looks)
        .findFirst()
        .orElse(OTHER);
  }

  /** Returns whether such bytes may have that declared format. */
  boolean mayBe(DiskFormat declared) {
    return switch (kind) {
      case NOTHING, CONTAINER -> false;
      case BOOT_FILE -> declared == DiskFormat.AKI || declared == DiskFormat.ARI;
      case DISK -> !declared.inspectable();
    };
  }

  /** Returns a note on bytes that were accepted because of their declared format; may be empty. */
  List<String> asNotes() {
    return equals(OTHER) ? List.of() : List.of(sentence);
  }

  private static Candidate nothing(String sentence, String advice, Predicate<Bytes> fits) {
    return new Candidate(new FirstBytes(Kind.NOTHING, sentence, advice), fits);
  }

  private static Candidate container(String what, String advice, Predicate<Bytes> fits) {
    return candidate(Kind.CONTAINER, what, advice, fits);
  }

  private static Candidate bootFile(String what, String advice, Predicate<Bytes> fits) {
    return candidate(Kind.BOOT_FILE, what, advice, fits);
  }

  private static Candidate disk(String what, Predicate<Bytes> fits) {
    return candidate(Kind.DISK, what, "", fits);
  }

  private static Candidate candidate(Kind kind, String what, String advice, Predicate<Bytes> fits) {
    return new Candidate(new FirstBytes(kind, "the first bytes look like " + what, advice), fits);
  }

  private static Predicate<Bytes> at(int offset, String latin1) {
    return head -> head.at(offset, latin1);
  }

  private static boolean isBzip2(Bytes head) {
    return head.at(0, "BZh") && head.has(3, 1) && head.u8(3) >= '1' && head.u8(3) <= '9';
  }

  /**
   * Recognises LZMA by its usual properties, a dictionary of whole kilobytes and an unknown length.
   */
  private static boolean isLzma(Bytes head) {
    return head.at(0, "]\0") && head.at(5, "\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF");
  }

  private static boolean isCpio(Bytes head) {
    return head.at(0, "070701") || head.at(0, "070702") || head.at(0, "070707");
  }

  /**
   * Recognises tar by its magic number or, for tar before 1988, by the octal checksum of its
   * header.
   */
  private static boolean isTar(Bytes head) {
    if (head.at(257, "ustar")) {
      return true;
    }
    Optional<Long> stated = head.has(0, 512) ? octal(head, 148, 8) : Optional.empty();
    if (stated.isEmpty() || head.u8(0) == 0) {
      return false;
    }
    long sum = 8L * ' ';
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? 0 : head.u8(i);
    }
    return stated.get() == sum;
  }

  private static Optional<Long> octal(Bytes head, int at, int length) {
    String digits = head.text(at, length).replace('\0', ' ').strip();
    return digits.matches("[0-7]{1,8}") ? Optional.of(Long.parseLong(digits, 8)) : Optional.empty();
  }

  private static boolean isElf(Bytes head) {
    return head.at(0, "\u007FELF");
  }

  /**
   * Recognises a Windows program by its second header, whose offset is at byte 60. Without a second
   * header, the bytes are a DOS program, whose last page has less than 512 bytes, or a disk that
   * begins with the same two bytes by chance.
   */
  private static boolean isPortableExecutable(Bytes head) {
    if (!head.at(0, "MZ") || !head.has(0, 64)) {
      return false;
    }
    long header = head.u32le(60);
    return (header <= Inspector.HEAD_BYTES && head.at((int) header, "PE\0\0"))
        || (head.u16le(2) < 512 && !head.at(510, "U\u00AA"));
  }

  private static boolean isMachO(Bytes head) {
    return head.at(0, "\u00CF\u00FA\u00ED\u00FE") || head.at(0, "\u00CA\u00FE\u00BA\u00BE");
  }
}
