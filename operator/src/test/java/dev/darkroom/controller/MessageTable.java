package dev.darkroom.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All condition messages of a kind as a text file that a person can read through: {@code
 * src/test/resources/messages}. Write it with {@code -Dmessages.write=true} after a change of a
 * message, and read the difference.
 */
public final class MessageTable {

  private static final Path DIRECTORY = Path.of("src", "test", "resources", "messages");

  private final List<String> lines = new ArrayList<>();

  /** Adds the conditions of a case. Conditions with the same reason and message share a line. */
  public MessageTable add(String example, List<Condition> conditions) {
    Map<String, List<String>> types = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      types
          .computeIfAbsent(
              condition.getReason() + " | %s | " + condition.getMessage(), key -> new ArrayList<>())
          .add(condition.getType() + "=" + condition.getStatus());
    }
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add("# " + example);
    types.forEach((text, of) -> lines.add(text.replaceFirst("%s", String.join(", ", of))));
    return this;
  }

  /**
   * Compares the table with its file, or writes the file.
   *
   * @param kind the name of the file, without {@code .txt}
   */
  public void check(String kind) throws IOException {
    String header = "# reason | status | message\n\n";
    String text = header + String.join("\n", lines) + "\n";
    Path file = DIRECTORY.resolve(kind + ".txt");
    if (Boolean.getBoolean("messages.write")) {
      Files.createDirectories(DIRECTORY);
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
