package dev.darkroom.e2e.dev;

import dev.darkroom.e2e.dev.terminal.Terminal;
import dev.darkroom.e2e.dev.terminal.Tone;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Conditions as a table; messages are wrapped at the width of the terminal.
 *
 * @param terminal the terminal
 */
record ConditionTable(Terminal terminal) {

  private static final int SHORTEST_SENTENCE_LINE = 24;

  /** Writes each condition as one row, or as several lines if its message is long. */
  void write(List<Condition> conditions) {
    int types = widest(conditions, Condition::getType);
    int statuses = widest(conditions, Condition::getStatus);
    int reasons = widest(conditions, Condition::getReason);
    int before = 2 + types + 2 + statuses + 2 + reasons + 2;
    int width = Math.max(SHORTEST_SENTENCE_LINE, terminal.width() - before - 1);
    for (Condition condition : conditions) {
      List<String> sentence = broken(condition.getMessage(), width);
      terminal.line(
          "  "
              + padded(condition.getType(), types)
              + "  "
              + terminal.toned(tone(condition), padded(condition.getStatus(), statuses))
              + "  "
              + padded(condition.getReason(), reasons)
              + "  "
              + sentence.get(0));
      sentence.stream().skip(1).forEach(line -> terminal.line(" ".repeat(before) + line));
    }
  }

  /** Stalled is good if it is not True. */
  private static Tone tone(Condition condition) {
    boolean good = "True".equals(condition.getStatus()) != "Stalled".equals(condition.getType());
    if ("Unknown".equals(condition.getStatus()) || "Published".equals(condition.getType())) {
      return Tone.PLAIN;
    }
    return good ? Tone.GOOD : Tone.BAD;
  }

  private static int widest(List<Condition> conditions, Function<Condition, String> column) {
    return conditions.stream().map(column).mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** Wraps at spaces; a longer word gets its own line. */
  static List<String> broken(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
