package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.darkroom.e2e.dev.sample.SampleServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {

  private static final String IMAGE =
      """
      apiVersion: darkroom.dev/v1alpha1
      kind: Image
      metadata:
        name: %s
      spec: {}
      """;

  @TempDir Path directory;

  @Test
  void documentsAndListsAreSplit() {
    List<SourceObject> manifests =
        ManifestReader.parse(
            "all.yaml",
            IMAGE.formatted("a")
                + "---\n# nothing\n---\n"
                + "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret,"
                + " metadata: {name: b}, data: {x: eQ==}}]}\n"
                + "---\n"
                + IMAGE.formatted("c"));

    assertThat(manifests)
        .extracting(SourceObject::title)
        .containsExactly("image.darkroom.dev/a", "secret/b", "image.darkroom.dev/c");
    assertThat(manifests.get(1).object().<String>get("data", "x")).isEqualTo("eQ==");
  }

  @Test
  void directoryIsReadLikeKubectl() throws IOException {
    write("b.yaml", IMAGE.formatted("b"));
    write("a.json", "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}");
    write("c.yml", IMAGE.formatted("c"));
    write("README.md", "no manifest");
    Files.createDirectory(directory.resolve("d.yaml"));

    assertThat(read(directory.toString()))
        .extracting(SourceObject::title)
        .containsExactly("secret/a", "image.darkroom.dev/b", "image.darkroom.dev/c");
  }

  @Test
  void urlIsRead() throws IOException {
    write("image.yaml", IMAGE.formatted("a"));
    try (SampleServer server = SampleServer.start(directory, 0)) {
      assertThat(read(server.address() + "image.yaml"))
          .extracting(SourceObject::title)
          .containsExactly("image.darkroom.dev/a");
      assertThatThrownBy(() -> read(server.address() + "missing.yaml"))
          .isInstanceOf(InputException.class)
          .hasMessageEndingWith("missing.yaml: the server answered 404");
    }
  }

  @Test
  void invalidYamlIsReportedWithItsPosition() throws IOException {
    Path file = write("broken.yaml", "apiVersion: v1\nkind: [\n");

    assertThatThrownBy(() -> read(file.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("broken.yaml:2:8: ")
        .hasMessageContaining("expected the node content")
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("\n");
  }

  @Test
  void duplicateKeyIsRefused() {
    assertThatThrownBy(() -> ManifestReader.parse("x.yaml", "kind: A\nkind: B\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("x.yaml:2:")
        .hasMessageContaining("Duplicate");
  }

  @Test
  void missingFieldIsReported() {
    assertThatThrownBy(() -> ManifestReader.parse("x.yaml", "hello"))
        .hasMessage("x.yaml: a manifest is a map with apiVersion and kind");
    assertThatThrownBy(() -> ManifestReader.parse("x.yaml", "kind: Image"))
        .hasMessage("x.yaml: Image without apiVersion");
    assertThatThrownBy(() -> ManifestReader.parse("x.yaml", "apiVersion: v1"))
        .hasMessage("x.yaml: an object without kind");
    assertThatThrownBy(() -> ManifestReader.parse("x.yaml", "apiVersion: v1\nkind: Secret"))
        .hasMessage("x.yaml: Secret without metadata.name");
  }

  @Test
  void missingFileIsReported() {
    assertThatThrownBy(() -> read(directory + "/nothing.yaml"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("nothing.yaml: no such file or directory");
    assertThatThrownBy(() -> read(directory.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("No manifest in ");
  }

  private static List<SourceObject> read(String argument) {
    return ManifestReader.read(List.of(argument));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
