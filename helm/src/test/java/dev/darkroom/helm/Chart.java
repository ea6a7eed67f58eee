package dev.darkroom.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Renders the chart of this module with Helm itself, as a library in this process. */
final class Chart {

  static final Path DIRECTORY = Path.of("darkroom").toAbsolutePath();
  static final ObjectMapper YAML = new YAMLMapper();

  /** Set explicitly: without a cluster, Helm assumes a very old version. */
  private static final String OLDEST_CLUSTER = "v1.30.0";

  private static final Path EXAMPLES = Path.of("examples");

  private Chart() {}

  /** Returns the sample values of the chart. */
  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  static LintResult lint() {
    return new Helm(DIRECTORY).lint().strict().call();
  }

  /** Renders the chart with its default values. */
  static String template() {
    return command().call();
  }

  /**
   * Renders the chart with the given values.
   *
   * @param values as YAML
   * @throws RuntimeException with Helm's error message if Helm refuses the values
   */
  static Manifests template(String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        return Manifests.of(command().withValuesFile(Files.writeString(file, values)).call());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode file(String name) throws IOException {
    return YAML.readTree(Files.readString(DIRECTORY.resolve(name)));
  }

  static List<Path> files(String directory) throws IOException {
    Path below = DIRECTORY.resolve(directory);
    if (!Files.isDirectory(below)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(below)) {
      return files.sorted().toList();
    }
  }

  private static TemplateCommand command() {
    return new Helm(DIRECTORY)
        .template()
        .withName("darkroom")
        .withNamespace("darkroom-system")
        .withKubeVersion(OLDEST_CLUSTER);
  }
}
