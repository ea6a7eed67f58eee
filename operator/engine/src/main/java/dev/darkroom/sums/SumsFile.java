package dev.darkroom.sums;

import dev.darkroom.sums.SumsException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The digests of files, as publishers list them. One line each, as GNU coreutils writes them
 * ({@code hex name}, {@code hex *name}, with a backslash before lines whose name is escaped), with
 * a BSD tag ({@code SHA256 (name) = hex}), or as OpenSSL does ({@code SHA256(name)= hex}); or one
 * bare digest. Lines may end in CRLF. Empty lines, lines that start with {@code #} and lines of no
 * known form are ignored.
 */
final class SumsFile {

  private static final Pattern TAGGED =
      Pattern.compile("([A-Za-z0-9/-]{1,20}) ?\\((.+)\\) ?= ?([0-9A-Fa-f]{32,128})");
  private static final Pattern LISTED =
      Pattern.compile("([0-9A-Fa-f]{32,128})(?: ([ *])|[ \\t]+)(.+)");
  private static final Pattern BARE = Pattern.compile("[0-9A-Fa-f]{32,128}");
  private static final int LONGEST_LINE = 16 << 10;

  private record Entry(String name, Sum sum) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Sum> bare = new ArrayList<>();

  private SumsFile() {}

  /**
   * Parses the file.
   *
   * @throws SumsException when the file has no digest
   */
  static SumsFile parse(byte[] bytes) throws SumsException {
    SumsFile file = new SumsFile();
    String text = new String(bytes, StandardCharsets.UTF_8);
    (text.startsWith("\uFEFF") ? text.substring(1) : text)
        .lines()
        .filter(line -> line.length() <= LONGEST_LINE && !line.startsWith("#"))
        .forEach(file::read);
    if (file.entries.isEmpty() && file.bare.isEmpty()) {
      throw new SumsException(Kind.UNREADABLE, "The sums file holds no known digest.");
    }
    return file;
  }

  /**
   * Returns the digest of the file of that name: listed exactly so, or with a leading {@code ./},
   * or with the same last part of its path. A bare digest matches any file.
   *
   * @throws SumsException when there is none, or several match
   */
  Sum find(String name, Optional<SumAlgorithm> algorithm) throws SumsException {
    List<BiPredicate<String, String>> ways =
        List.of(
            String::equals,
            (listed, wanted) -> withoutDot(listed).equals(withoutDot(wanted)),
            (listed, wanted) -> baseName(listed).equals(baseName(wanted)));
    for (BiPredicate<String, String> way : ways) {
      List<Entry> found = entries.stream().filter(e -> way.test(e.name(), name)).toList();
      if (!found.isEmpty()) {
        return only(found, algorithm);
      }
    }
    if (entries.isEmpty()) {
      return only(bare.stream().map(sum -> new Entry("the bare digest", sum)).toList(), algorithm);
    }
    throw new SumsException(
        Kind.NOT_LISTED,
        "The sums file lists %d files, but not %s.".formatted(entries.size(), QuotedText.of(name)));
  }

  private static Sum only(List<Entry> found, Optional<SumAlgorithm> wanted) throws SumsException {
    SumAlgorithm algorithm =
        wanted.orElseGet(
            () ->
                found.stream()
                    .map(e -> e.sum().algorithm())
                    .max(Comparator.naturalOrder())
                    .orElseThrow());
    List<Entry> candidates = found.stream().filter(e -> e.sum().algorithm() == algorithm).toList();
    if (candidates.isEmpty()) {
      throw new SumsException(
          Kind.NOT_LISTED,
          "The sums file has no %s of %s."
              .formatted(algorithm.apiName(), QuotedText.of(found.get(0).name())));
    }
    Entry first = candidates.get(0);
    for (Entry other : candidates) {
      if (!other.sum().equals(first.sum())) {
        throw new SumsException(
            Kind.AMBIGUOUS,
            first.name().equals(other.name())
                ? "The sums file has two digests of %s: %s and %s."
                    .formatted(QuotedText.of(first.name()), first.sum(), other.sum())
                : "The sums file lists both %s and %s: name one of them in full."
                    .formatted(QuotedText.of(first.name()), QuotedText.of(other.name())));
      }
    }
    return first.sum();
  }

  private void read(String line) {
    boolean escaped = line.startsWith("\\");
    String plain = escaped ? line.substring(1) : line;
    Matcher tagged = TAGGED.matcher(plain.strip());
    if (tagged.matches()) {
      SumAlgorithm.ofTag(tagged.group(1))
          .flatMap(algorithm -> Sum.of(algorithm, tagged.group(3)))
          .ifPresent(sum -> add(escaped, tagged.group(2), sum));
      return;
    }
    Matcher listed = LISTED.matcher(plain);
    if (listed.matches()) {
      // Only the coreutils form supports names that start or end with a space.
      String name = listed.group(2) == null ? listed.group(3).strip() : listed.group(3);
      sum(listed.group(1)).ifPresent(sum -> add(escaped, name, sum));
      return;
    }
    if (BARE.matcher(plain.strip()).matches()) {
      sum(plain.strip()).ifPresent(bare::add);
    }
  }

  private void add(boolean escaped, String name, Sum sum) {
    (escaped ? unescaped(name) : Optional.of(name))
        .ifPresent(known -> entries.add(new Entry(known, sum)));
  }

  private static Optional<Sum> sum(String hex) {
    return SumAlgorithm.ofHexLength(hex.length()).flatMap(algorithm -> Sum.of(algorithm, hex));
  }

  /** Decodes an escaped backslash, newline or carriage return; empty for other characters. */
  private static Optional<String> unescaped(String name) {
    StringBuilder plain = new StringBuilder();
    PrimitiveIterator.OfInt characters = name.chars().iterator();
    while (characters.hasNext()) {
      int c = characters.nextInt();
      if (c != '\\') {
        plain.append((char) c);
        continue;
      }
      switch (characters.hasNext() ? characters.nextInt() : ' ') {
        case '\\' -> plain.append('\\');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(plain.toString());
  }

  private static String withoutDot(String name) {
    return name.startsWith("./") ? name.substring(2) : name;
  }

  private static String baseName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
