package dev.darkroom.e2e.bench.figures;

import dev.darkroom.e2e.bench.BenchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The table for the README. */
public final class ReadmeTable {

  private static final String FILE = "README-table.md";

  /** The names of the rows, in order. */
  private static final List<Pattern> ROWS =
      List.of(
          Pattern.compile("web to 1 filesystem store: transfer path: throughput"),
          Pattern.compile("web to 1 filesystem store: whole operator: throughput"),
          Pattern.compile("web to 3 filesystem stores: transfer path: throughput"),
          Pattern.compile("web to 3 filesystem stores: wall time.*"),
          Pattern.compile("web to S3: (transfer path|upload).*throughput"),
          Pattern.compile("web to 1 filesystem store, .* and sha256: transfer path: throughput"),
          Pattern.compile(".* imports at once: transfer path: throughput"),
          Pattern.compile("resume .*"),
          Pattern.compile("web to 1 filesystem store: transfer path: CPU"),
          Pattern.compile(".* imports? of .* at once: peak (heap|direct memory)"),
          Pattern.compile("web to 1 filesystem store: (HTTP|1 × write|SHA).*throughput"),
          Pattern.compile("CPU steal time"),
          Pattern.compile("Glance .*"));

  private ReadmeTable() {}

  /** Writes the table beside the results and returns it. */
  public static String write(List<Row> rows, BenchSettings settings) throws IOException {
    StringBuilder table = new StringBuilder("| what | value | floor | ratio | goal |\n");
    table.append("|---|---|---|---|---|\n");
    for (Pattern shown : ROWS) {
      rows.stream()
          .filter(row -> shown.matcher(row.name()).matches())
          .forEach(row -> table.append(line(row)));
    }
    Path file = settings.results().toAbsolutePath().resolveSibling(FILE);
    Files.writeString(file, table);
    return table.toString();
  }

  private static String line(Row row) {
    return "| %s | %s | %s | %s | %s |%n"
        .formatted(
            row.name(),
            number(row.value()) + " " + row.unit(),
            row.floor().map(f -> number(f.value()) + " (" + f.is() + ")").orElse(""),
            row.ratio().isPresent()
                ? String.format(Locale.ROOT, "%.2f", row.ratio().getAsDouble())
                : "",
            row.goalsInWords());
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, number >= 10 ? "%.0f" : "%.2f", number);
  }
}
