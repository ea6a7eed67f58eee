package dev.darkroom.format;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text inside a VMDK that describes the disk.
 *
 * <p>Readers parse this text in different ways. QEMU reads {@value #READ_BYTES} bytes after the
 * header, ignores the length in the header, and searches them for words such as {@code
 * parentFileNameHint}, in comments too. Therefore only text with one meaning for every reader is
 * accepted: known lines, in the usual order, printable ASCII, and zeros after the end. The word
 * "parent" may occur only in the lines that declare a disk without a parent.
 *
 * <p>Source: VMware "Virtual Disk Format 5.0", "The Descriptor File": header, extent descriptions
 * and disk database.
 */
final class VmdkDescriptor {
  /** The number of bytes that QEMU reads as the descriptor: 20 sectors. */
  static final int READ_BYTES = 20 * 512;

  /** The keys of the header, in their order. */
  private static final List<String> HEADER_KEYS =
      List.of("version", "encoding", "CID", "parentCID", "isNativeSnapshot", "createType");

  private static final Set<String> REQUIRED_KEYS =
      Set.of("version", "CID", "parentCID", "createType");

  /** The lines that declare a disk without a parent; no other line may contain the word. */
  private static final Pattern NO_PARENT =
      Pattern.compile(
          "parentCID=ffffffff"
              + "|ddb\\.uuid\\.parent(?:modification)? ?= ?\"00000000-0000-0000-0000-000000000000\"");

  private static final Pattern HEADER_LINE =
      Pattern.compile(
          "(version)=[1-3]"
              + "|(encoding)=\"[A-Za-z0-9_-]{1,40}\""
              + "|(CID)=[0-9a-fA-F]{1,8}"
              + "|(parentCID)=ffffffff"
              + "|(isNativeSnapshot)=\"no\""
              + "|(createType)=\"([A-Za-z0-9]{1,40})\"");
  private static final int CREATE_TYPE_GROUP = 7;

  private static final Pattern ACCESS =
      Pattern.compile("(?:RW|RDONLY|NOACCESS) .*", Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENT = Pattern.compile("RW +([0-9]{1,18}) +SPARSE +\"([^\"]*)\"");
  private static final Pattern DATABASE_LINE = Pattern.compile("ddb\\.([A-Za-z.]+) ?= ?\"[^\"]*\"");
  private static final Set<String> DATABASE_KEYS =
      Set.of(
          "adapterType",
          "comment",
          "deletable",
          "encoding",
          "geometry.biosCylinders",
          "geometry.biosHeads",
          "geometry.biosSectors",
          "geometry.cylinders",
          "geometry.heads",
          "geometry.sectors",
          "longContentID",
          "thinProvisioned",
          "toolsInstallType",
          "toolsVersion",
          "uuid",
          "uuid.image",
          "uuid.modification",
          "uuid.parent",
          "uuid.parentmodification",
          "virtualHWVersion");

  private final long capacity;
  private final Set<String> keys = new HashSet<>();
  private int nextHeaderKey;
  private int extents;
  private Optional<VmdkSubformat> subformat = Optional.empty();

  private VmdkDescriptor(long capacity) {
    this.capacity = capacity;
  }

  /**
   * Checks the whole descriptor.
   *
   * @param bytes the bytes from the end of the header: as many as the header gives the descriptor,
   *     or {@value #READ_BYTES} bytes if that is more
   * @param capacity of the disk, in sectors, from the header
   * @throws Refusal if a part of the text is not understood
   */
  static VmdkSubformat parse(Bytes bytes, long capacity) throws Refusal {
    String text = bytes.textUpToNul(0, bytes.length());
    require(text.length() < READ_BYTES, () -> "has a descriptor of more than 10239 bytes");
    require(
        bytes.isZero(text.length(), bytes.length() - text.length()),
        () -> "has other bytes than zeros behind the end of its descriptor");
    List<String> lines = List.of(text.split("\r?\n", -1));
    require(
        lines.stream().allMatch(VmdkDescriptor::isPrintable),
        () -> "has a descriptor that is not plain text");
    requireNoParent(lines);
    VmdkDescriptor descriptor = new VmdkDescriptor(capacity);
    for (String line : lines) {
      descriptor.check(line.stripTrailing());
    }
    return descriptor.conclude();
  }

  /**
   * Refuses a parent. The message quotes the last line, which names the file: a file name helps the
   * owner more than an identifier.
   */
  private static void requireNoParent(List<String> lines) throws Refusal {
    Optional<String> parent =
        lines.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).contains("parent"))
            .filter(line -> !NO_PARENT.matcher(line.stripTrailing()).matches())
            .reduce((first, last) -> last);
    require(
        parent.isEmpty(),
        () ->
            "names a parent disk (%s): an image must not read other files;"
                    .formatted(Quote.of(parent.orElseThrow()))
                + " flatten it with qemu-img convert");
  }

  private void check(String line) throws Refusal {
    if (line.startsWith("#")) {
      checkComment(line);
    } else if (ACCESS.matcher(line).matches()) {
      checkExtent(line);
    } else if (!line.isEmpty()) {
      checkAssignment(line);
    }
  }

  /**
   * Refuses a comment in which a reader could find a key or a file name by a search of the text.
   */
  private static void checkComment(String line) throws Refusal {
    require(
        !line.contains("CID") && line.indexOf('=') < 0 && line.indexOf('"') < 0,
        () ->
            "has a comment in its descriptor that another reader may not skip (%s)"
                .formatted(Quote.of(line)));
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
    require(extents == 1, () -> "names 2 extents, not just itself");
    require(subformat.isPresent(), () -> "has its extent before its createType");
  }

  private void checkAssignment(String line) throws Refusal {
    Matcher database = DATABASE_LINE.matcher(line);
    if (database.matches() && DATABASE_KEYS.contains(database.group(1))) {
      require(extents == 1, () -> "has its disk database before its extent");
      require(keys.add("ddb." + database.group(1)), () -> twice("ddb." + database.group(1)));
      return;
    }
    Matcher header = HEADER_LINE.matcher(line);
    if (!header.matches()) {
      throw notUnderstood(line);
    }
    String key = line.substring(0, line.indexOf('='));
    require(keys.add(key), () -> twice(key));
    int place = HEADER_KEYS.indexOf(key);
    require(
        place >= nextHeaderKey && extents == 0,
        () -> "has the line %s of its descriptor out of its place".formatted(key));
    nextHeaderKey = place + 1;
    if (header.group(CREATE_TYPE_GROUP) != null) {
      subformat = Optional.of(subformat(header.group(CREATE_TYPE_GROUP)));
    }
  }

  private static VmdkSubformat subformat(String createType) throws Refusal {
    Optional<VmdkSubformat> subformat = VmdkSubformat.of(createType);
    require(
        subformat.isPresent(),
        () ->
            "is of the kind %s: only monolithicSparse and streamOptimized keep the disk in one"
                    .formatted(Quote.of(createType))
                + " file; convert it with qemu-img convert");
    return subformat.orElseThrow();
  }

  private VmdkSubformat conclude() throws Refusal {
    require(extents == 1, () -> "names 0 extents, not just itself");
    for (String key : HEADER_KEYS) {
      require(
          keys.contains(key) || !REQUIRED_KEYS.contains(key),
          () -> "does not say its %s in its descriptor".formatted(key));
    }
    return subformat.orElseThrow();
  }

  private static String twice(String key) {
    return "says its %s twice in its descriptor".formatted(key);
  }

  private static Refusal notUnderstood(String line) {
    return unsafe(
        "has a descriptor with a line that is not understood (%s)".formatted(Quote.of(line)));
  }

  private static boolean isPrintable(String line) {
    return line.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** Makes the sentence only for a refusal, because this method runs for every line. */
  private static void require(boolean holds, Supplier<String> otherwise) throws Refusal {
    if (!holds) {
      throw unsafe(otherwise.get());
    }
  }

  private static Refusal unsafe(String sentence) {
    return Refusal.unsafe(DiskFormat.VMDK, "vmdk " + sentence);
  }
}
