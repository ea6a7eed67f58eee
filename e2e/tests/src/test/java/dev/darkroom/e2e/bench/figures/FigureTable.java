package dev.darkroom.e2e.bench.figures;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Formats rows as aligned columns. */
public final class FigureTable {

  private static final String NAME = "What";
  private static final OptionalDouble NOTHING = OptionalDouble.empty();

  private FigureTable() {}

  /** The table as text. */
  public static String of(List<Row> rows) {
    int width =
        Math.max(NAME.length(), rows.stream().mapToInt(row -> row.name().length()).max().orElse(0));
    StringBuilder table = new StringBuilder();
    table.append(line(width, NAME, "value", "unit", "floor", "ratio", "goal"));
    for (Row row : rows) {
      table.append(
          line(
              width,
              row.name(),
              number(OptionalDouble.of(row.value())),
              row.unit(),
              number(row.floor().map(f -> OptionalDouble.of(f.value())).orElse(NOTHING)),
              number(row.ratio()),
              row.goalsInWords()));
    }
    return table.toString();
  }

  private static String line(
      int width, String name, String value, String unit, String floor, String ratio, String goal) {
    String padded = name + " ".repeat(width - name.length());
    return "%s  %10s  %-6s %10s  %6s  %s"
            .formatted(padded, value, unit, floor, ratio, goal)
            .stripTrailing()
        + System.lineSeparator();
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "-";
    }
    double number = value.getAsDouble();
    return String.format(Locale.ROOT, number >= 10 ? "%.0f" : "%.2f", number);
  }
}
