package dev.darkroom.e2e.conformance;

import dev.darkroom.e2e.conformance.CaseResult.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of results: aligned, wrapped columns, and a count per verdict. */
final class ConformanceTable {

  private static final int[] WIDTHS = {30, 46, 34, 56, 7};
  private static final String GAP = "  ";

  private final StringBuilder text = new StringBuilder();

  private ConformanceTable() {}

  static String of(List<CaseResult> results) {
    ConformanceTable table = new ConformanceTable();
    table.row("CASE", "FAULT", "EXPECTED", "OUTCOME", "VERDICT");
    Map<Case.Group, List<CaseResult>> groups =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.of().group(), TreeMap::new, Collectors.toList()));
    groups.forEach(table::group);
    table.line("");
    table.line(count(results));
    return table.text.toString();
  }

  /** The number of cases per verdict. */
  static String count(List<CaseResult> results) {
    return "%d cases: %d green, %d red, %d not run"
        .formatted(
            results.size(),
            count(results, Verdict.GREEN),
            count(results, Verdict.RED),
            count(results, Verdict.NOT_RUN));
  }

  private static long count(List<CaseResult> results, Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }

  private void group(Case.Group group, List<CaseResult> results) {
    line("");
    line(group.title());
    for (CaseResult result : results) {
      Case of = result.of();
      row(
          of.name(),
          of.done(),
          of.expectation().says(),
          result.happened(),
          result.verdict().toString());
    }
  }

  private void row(String... cells) {
    List<List<String>> columns = new ArrayList<>();
    int height = 0;
    for (int i = 0; i < cells.length; i++) {
      columns.add(wrapped(cells[i], WIDTHS[i]));
      height = Math.max(height, columns.get(i).size());
    }
    for (int y = 0; y < height; y++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < cells.length; i++) {
        String cell = y < columns.get(i).size() ? columns.get(i).get(y) : "";
        line.append(cell).append(" ".repeat(WIDTHS[i] - cell.length())).append(GAP);
      }
      line(line.toString().stripTrailing());
    }
  }

  private void line(String line) {
    text.append(line).append(System.lineSeparator());
  }

  /** Wraps at spaces if possible; continuation lines are indented. */
  private static List<String> wrapped(String cell, int width) {
    List<String> lines = new ArrayList<>();
    String left = cell.replaceAll("\\s+", " ").strip();
    while (left.length() > width) {
      int space = left.lastIndexOf(' ', width);
      int end = space > 2 ? space : width;
      lines.add(left.substring(0, end));
      left = "  " + left.substring(end).strip();
    }
    lines.add(left);
    return lines;
  }
}
