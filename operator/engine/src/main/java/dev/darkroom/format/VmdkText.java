package dev.darkroom.format;

import java.util.Locale;

/**
 * Recognises a separate VMDK descriptor, without its disk: text that names other files.
 *
 * <p>The rules accept more than any reader does. QEMU ({@code vmdk_probe}) skips comments and blank
 * lines at the start and looks for {@code version=}; a comment ends at a line feed only, and may
 * hold any other byte.
 */
final class VmdkText {
  private static final int SECTOR = 512;
  private static final int PROBED_BYTES = 2048;

  private VmdkText() {}

  /** Returns whether any reader may parse the file as a descriptor. */
  static boolean standsAlone(Bytes head) {
    String start = head.text(0, Math.min(head.length(), PROBED_BYTES)).toLowerCase(Locale.ROOT);
    return start.startsWith("# disk descriptorfile")
        || firstLine(start).startsWith("version=")
        || (isText(start.substring(0, Math.min(start.length(), SECTOR)))
            && head.text(0, head.length()).toLowerCase(Locale.ROOT).contains("createtype="));
  }

  /** The first line that is neither blank nor a comment; empty if there is none. */
  private static String firstLine(String text) {
    for (String line : text.split("\n", -1)) {
      String bare = line.strip();
      if (!bare.isEmpty() && bare.charAt(0) != '#') {
        return bare;
      }
    }
    return "";
  }

  private static boolean isText(String text) {
    return text.chars()
        .allMatch(c -> (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
  }
}
