package dev.darkroom.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The committed generated files are up to date. */
class GeneratedFilesTest {

  @Test
  void committedFilesAreUpToDate() throws IOException {
    Map<Path, String> generated = GeneratedFiles.generate();
    if (Boolean.getBoolean("helm.write")) {
      for (Map.Entry<Path, String> file : generated.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        Files.writeString(file.getKey(), file.getValue());
      }
    }

    Map<Path, String> committed = new TreeMap<>();
    for (Path file : generated.keySet()) {
      committed.put(file, Files.exists(file) ? Files.readString(file) : "missing");
    }

    assertThat(committed)
        .as("refresh with: mvn -pl helm test -Dtest=GeneratedFilesTest -Dhelm.write=true")
        .isEqualTo(generated);
  }

  @Test
  void theChartHasExactlyTheCrdsOfTheProject() throws IOException {
    assertThat(Chart.files("crds"))
        .extracting(Path::getFileName)
        .containsExactlyElementsOf(
            GeneratedFiles.definitions().stream().map(Path::getFileName).toList());
  }

  @Test
  void theKustomizeBaseHasNoHelmAnnotations() throws IOException {
    Manifests base = Manifests.of(Files.readString(Path.of("kustomize/darkroom.yaml")));

    assertThat(base.objects()).noneMatch(Manifests::isKept).isNotEmpty();
    assertThat(Files.readString(Path.of("kustomize/darkroom.yaml"))).doesNotContain("helm.sh/");
  }
}
