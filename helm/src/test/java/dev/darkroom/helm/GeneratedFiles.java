package dev.darkroom.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Generates the files of this module that are derived from other files. */
final class GeneratedFiles {

  private static final Path CRDS = Path.of("..", "crds");
  private static final Path README = Path.of("darkroom", "README.md");
  private static final Path KUSTOMIZE = Path.of("kustomize");
  private static final Path MESSAGES =
      Path.of("src", "test", "resources", "dev", "darkroom", "helm", "messages.txt");
  private static final String TABLE_BEGINS = "<!-- values: generated, see CONTRIBUTING.md -->\n";
  private static final String TABLE_ENDS = "<!-- end of values -->\n";
  private static final String GENERATED =
      "# Rendered from the chart with its own values; see CONTRIBUTING.md.\n";

  private GeneratedFiles() {}

  /** Returns the contents of all generated files, keyed by path. */
  static Map<Path, String> generate() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    StringBuilder definitions = new StringBuilder(GENERATED);
    for (Path file : definitions()) {
      String definition = Files.readString(file);
      // Helm and kustomize do not read files outside their own directory.
      files.put(Path.of("darkroom", "crds").resolve(file.getFileName()), definition);
      definitions.append("---\n").append(definition);
    }
    files.put(KUSTOMIZE.resolve("crds.yaml"), definitions.toString());
    files.put(KUSTOMIZE.resolve("darkroom.yaml"), GENERATED + Chart.template());
    files.put(README, readme());
    files.put(MESSAGES, Messages.of(definitions(), Chart.files("policies")));
    return files;
  }

  /** Returns the CRDs of the project. */
  static List<Path> definitions() throws IOException {
    try (Stream<Path> files = Files.list(CRDS)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  private static String readme() throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length();
    int end = text.indexOf(TABLE_ENDS, begin);
    if (begin < TABLE_BEGINS.length() || end < 0) {
      throw new IllegalStateException(README + " does not have the marks around its table");
    }
    String values = Files.readString(Path.of("darkroom", "values.yaml"));
    return text.substring(0, begin) + ValuesTable.of(values) + text.substring(end);
  }
}
