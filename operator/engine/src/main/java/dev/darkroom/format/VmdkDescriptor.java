package dev.darkroom.format;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text in a VMDK that says what the disk is made of. It is read line by line, and a line that
 * is not understood is refused, for another reader may understand it as the name of a file.
 *
 * <p>Source: VMware "Virtual Disk Format 5.0", "The Descriptor File": header, extent descriptions
 * and disk database.
 */
final class VmdkDescriptor {

  /** The two subformats that keep the whole disk in one file. */
  enum Subformat {
    MONOLITHIC_SPARSE("monolithicSparse"),
    STREAM_OPTIMIZED("streamOptimized");

    private final String createType;

    Subformat(String createType) {
      this.createType = createType;
    }

    String createType() {
      return createType;
    }

    static Optional<Subformat> of(String createType) {
      return Arrays.stream(values()).filter(s -> s.createType.equals(createType)).findFirst();
    }
  }

  private static final String NO_PARENT = "ffffffff";
  private static final int SECTOR = 512;
  private static final int PROBED_BYTES = 2048;
  private static final int MAX_LINES = 4096;
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z0-9._]+)[ \\t]*=[ \\t]*(.*)");
  private static final Pattern ACCESS =
      Pattern.compile("(?:RW|RDONLY|NOACCESS)[ \\t].*", Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENT =
      Pattern.compile(
          "RW[ \\t]+([0-9]{1,18})[ \\t]+SPARSE[ \\t]+\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);

  private final long capacity;
  private Optional<Subformat> subformat = Optional.empty();
  private Optional<String> parent = Optional.empty();
  private int extents;

  private VmdkDescriptor(long capacity) {
    this.capacity = capacity;
  }

  /**
   * Whether the file is a descriptor with no disk around it, by any of the marks on which another
   * reader may take it for one.
   */
  static boolean standsAlone(Bytes head) {
    String start = head.text(0, Math.min(head.length(), PROBED_BYTES));
    if (isText(start.substring(0, Math.min(start.length(), SECTOR)))
        && head.text(0, head.length()).toLowerCase(Locale.ROOT).contains("createtype=")) {
      return true;
    }
    String lower = start.toLowerCase(Locale.ROOT);
    return lower.startsWith("# disk descriptorfile")
        || lower
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .findFirst()
            .filter(line -> line.startsWith("version="))
            .isPresent();
  }

  /**
   * Checks all of it.
   *
   * @param capacity what the sparse header says, in sectors
   */
  static Subformat parse(Bytes bytes, long capacity) throws Refusal {
    String text = bytes.textUpToNul(0, bytes.length());
    require(
        bytes.isZero(text.length(), bytes.length() - text.length()),
        () -> "has something behind the end of its descriptor");
    VmdkDescriptor descriptor = new VmdkDescriptor(capacity);
    // A real one has some thirty lines; a hostile megabyte would have a million.
    require(
        text.chars().filter(c -> c == '\n').count() <= MAX_LINES,
        () -> "has a descriptor of more than " + MAX_LINES + " lines");
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      descriptor.check(text.substring(start, end));
      start = end + 1;
    }
    descriptor.check(text.substring(start));
    return descriptor.conclude();
  }

  private void check(String padded) throws Refusal {
    require(isText(padded), () -> "has a descriptor that is not plain text");
    String line = padded.strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (ACCESS.matcher(line).matches()) {
      checkExtent(line);
      return;
    }
    Matcher assignment = ASSIGNMENT.matcher(line);
    require(
        assignment.matches(),
        () -> "has a descriptor with a line that is not understood (%s)".formatted(Quote.of(line)));
    checkAssignment(assignment.group(1).toLowerCase(Locale.ROOT), unquoted(assignment.group(2)));
  }

  private void checkExtent(String line) throws Refusal {
    Matcher extent = EXTENT.matcher(line);
    require(
        extent.matches(),
        () ->
            "has an extent that is not a sparse one inside the file (%s)"
                .formatted(Quote.of(line)));
    String name = extent.group(2);
    require(
        !name.isEmpty() && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':'),
        () ->
            "names a file with a path (%s): an image must not read other files;"
                    .formatted(Quote.of(name))
                + " convert it with qemu-img convert");
    require(
        Long.parseLong(extent.group(1)) == capacity,
        () -> "has an extent of another size than its header says");
    extents++;
  }

  private void checkAssignment(String key, String value) throws Refusal {
    if (key.equals("createtype")) {
      require(subformat.isEmpty(), () -> "says its createType twice");
      subformat = Subformat.of(value);
      require(
          subformat.isPresent(),
          () ->
              "is of the kind %s: only monolithicSparse and streamOptimized keep the disk in one"
                      .formatted(Quote.of(value))
                  + " file; convert it with qemu-img convert");
    } else if (key.equals("parentcid")) {
      // A line further down says the name, which tells the owner more than this number.
      parent = value.equalsIgnoreCase(NO_PARENT) ? parent : parent.or(() -> Optional.of("?"));
    } else if (key.contains("parent")) {
      parent = Optional.of(value);
    } else {
      require(
          !key.contains("file") && !key.contains("path"),
          () ->
              "names a file in its descriptor (%s): an image must not read other files"
                  .formatted(Quote.of(value)));
    }
  }

  private Subformat conclude() throws Refusal {
    require(
        parent.isEmpty(),
        () ->
            "names a parent disk (%s): an image must not read other files;"
                    .formatted(Quote.of(parent.orElseThrow()))
                + " flatten it with qemu-img convert");
    require(extents == 1, () -> "names " + extents + " extents, not just itself");
    return subformat.orElseThrow(() -> unsafe("does not say its createType"));
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static boolean isText(String text) {
    return text.chars()
        .allMatch(c -> (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n');
  }

  /** Lazy, for it is asked for every line. */
  private static void require(boolean holds, Supplier<String> otherwise) throws Refusal {
    if (!holds) {
      throw unsafe(otherwise.get());
    }
  }

  private static Refusal unsafe(String sentence) {
    return Refusal.unsafe(DiskFormat.VMDK, "vmdk " + sentence);
  }
}
