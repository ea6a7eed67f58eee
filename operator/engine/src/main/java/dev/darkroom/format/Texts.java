package dev.darkroom.format;

import java.util.Locale;
import java.util.regex.Pattern;

/** Recognises text of several kinds by its beginning. */
final class Texts {
  private static final int LOOKED_AT_BYTES = 512;
  private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";
  private static final Pattern CHECKSUM =
      Pattern.compile(
          "(?:[0-9a-fA-F]{32,128}[ \\t]+[ *]?\\S.*)|(?:[A-Z0-9-]{3,12} ?\\(.*\\) ?= ?[0-9a-fA-F]{32,128})");

  private Texts() {}

  static boolean isHtml(Bytes head) {
    String start = start(head).toLowerCase(Locale.ROOT);
    if (start.startsWith("<?xml") || start.startsWith("<!--")) {
      return start.contains("<html");
    }
    return start.startsWith("<!doctype html")
        || start.startsWith("<html")
        || start.startsWith("<head");
  }

  static boolean isXml(Bytes head) {
    return isText(head) && start(head).startsWith("<");
  }

  static boolean isJson(Bytes head) {
    String start = start(head);
    return (start.startsWith("{") || start.startsWith("[")) && isText(head);
  }

  /** Source: the Git LFS specification, "The Pointer". */
  static boolean isLfsPointer(Bytes head) {
    return start(head).startsWith("version https://git-lfs")
        || start(head).startsWith("version http://git-media");
  }

  /** Recognises a checksum file by one of its first lines, or by the start of a signed text. */
  static boolean isChecksums(Bytes head) {
    return isText(head)
        && (start(head).startsWith("-----BEGIN PGP SIGNED MESSAGE")
            || start(head).lines().limit(5).anyMatch(line -> CHECKSUM.matcher(line).matches()));
  }

  /**
   * Returns whether the first {@value #LOOKED_AT_BYTES} bytes have no control characters except
   * line ends and tabs.
   */
  static boolean isText(Bytes head) {
    int length = Math.min(head.length(), LOOKED_AT_BYTES);
    for (int i = 0; i < length; i++) {
      int c = head.u8(i);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        return false;
      }
    }
    return true;
  }

  /** Recognises a byte order mark, followed by Latin letters of two bytes each. */
  static boolean isUtf16(Bytes head) {
    boolean little = head.at(0, "\u00FF\u00FE");
    if ((!little && !head.at(0, "\u00FE\u00FF")) || head.length() < 16) {
      return false;
    }
    int length = Math.min(head.length(), LOOKED_AT_BYTES) & ~1;
    for (int i = 2; i < length; i += 2) {
      if (head.u8(little ? i + 1 : i) != 0 || head.u8(little ? i : i + 1) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The first kilobyte without a byte order mark and leading white space. */
  private static String start(Bytes head) {
    String start = head.text(0, Math.min(head.length(), 1024));
    String unmarked =
        start.startsWith(BYTE_ORDER_MARK) ? start.substring(BYTE_ORDER_MARK.length()) : start;
    return unmarked.stripLeading();
  }
}
