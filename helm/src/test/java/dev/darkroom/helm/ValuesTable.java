package dev.darkroom.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates the table of values for the README of the chart. A value is documented by a comment
 * with two dashes: {@code # -- Description}. A key without such a comment contains documented
 * values.
 */
final class ValuesTable {

  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9-]*):.*");
  private static final Pattern FIRST = Pattern.compile(" *# -- (.+)");
  private static final Pattern MORE = Pattern.compile(" *# (.+)");
  private static final int INDENT = 2;

  private final JsonNode defaults;
  private final List<String> path = new ArrayList<>();
  private final StringBuilder table =
      new StringBuilder("| value | description | default |\n|---|---|---|\n");
  private String comment = "";

  private ValuesTable(JsonNode defaults) {
    this.defaults = defaults;
  }

  /**
   * Returns the table in Markdown.
   *
   * @param yaml the values, with their comments
   * @throws IllegalArgumentException when a value has no comment
   */
  static String of(String yaml) throws JsonProcessingException {
    ValuesTable made = new ValuesTable(Chart.YAML.readTree(yaml));
    yaml.lines().forEach(made::read);
    made.checkComplete(made.defaults, "");
    return made.table.toString();
  }

  private void read(String line) {
    Matcher first = FIRST.matcher(line);
    Matcher more = MORE.matcher(line);
    Matcher key = KEY.matcher(line);
    if (first.matches()) {
      comment = first.group(1);
    } else if (more.matches()) {
      comment = comment.isEmpty() ? "" : comment + " " + more.group(1);
    } else if (key.matches()) {
      int depth = key.group(1).length() / INDENT;
      path.subList(Math.min(depth, path.size()), path.size()).clear();
      path.add(key.group(2));
      if (!comment.isEmpty()) {
        row();
      }
      comment = "";
    } else {
      comment = "";
    }
  }

  private void row() {
    table
        .append("| `")
        .append(String.join(".", path))
        .append("` | ")
        .append(comment.replace("|", "\\|"))
        .append(" | `")
        .append(json(defaults.at("/" + String.join("/", path))))
        .append("` |\n");
  }

  private static String json(JsonNode value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void checkComplete(JsonNode values, String above) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      String name = above + value.getKey();
      if (!table.toString().contains("| `" + name + "` |")) {
        if (!value.getValue().isObject() || value.getValue().isEmpty()) {
          throw new IllegalArgumentException("values.yaml has no description of " + name);
        }
        checkComplete(value.getValue(), name + ".");
      }
    }
  }
}
