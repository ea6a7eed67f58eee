package dev.darkroom.e2e.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Rows for people: aligned columns. */
final class Table {

  private static final String NAME = "What";

  private Table() {}

  static String of(List<Row> rows) {
    int width =
        Math.max(NAME.length(), rows.stream().mapToInt(row -> row.name().length()).max().orElse(0));
    String line = "%-" + width + "s  %10s  %-6s %10s  %6s%n";
    StringBuilder table = new StringBuilder();
    table.append(String.format(line, NAME, "value", "unit", "floor", "ratio"));
    for (Row row : rows) {
      table.append(
          String.format(
              line,
              row.name(),
              number(OptionalDouble.of(row.value())),
              row.unit(),
              number(row.floor()),
              number(row.ratio())));
    }
    return table.toString();
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    return String.format(Locale.ROOT, number >= 10 ? "%.0f" : "%.2f", number);
  }
}
