package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.e2e.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples are valid and complete, and the program includes all of them. */
class SamplesTest {

  private static final Path SAMPLES = Repository.ROOT.resolve("samples");
  private static final Path CRDS = Repository.ROOT.resolve("crds");

  /** A comment with a field and at most one word is not prose. */
  private static final Pattern COMMENTED_OUT =
      Pattern.compile("(?m)^( *)# ( *[A-Za-z0-9]+:(?: [^ \n]+)?)$");

  @TempDir Path scratch;

  @Test
  void programIncludesAllSamples() throws IOException {
    assertThat(Samples.FILES).containsExactlyInAnyOrderElementsOf(files().toList());
    for (String file : Samples.FILES) {
      assertThat(Samples.content(file)).isEqualTo(Files.readString(SAMPLES.resolve(file)));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void samplesPassStrictValidation(String file) throws IOException {
    List<SourceObject> manifests = ManifestReader.read(List.of(SAMPLES.resolve(file).toString()));
    try (ApiServer server = ApiServer.start(ApiServer.Options.defaults());
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build()) {
      try (Stream<Path> crds = Files.list(CRDS)) {
        for (Path crd : crds.filter(path -> path.toString().endsWith(".yaml")).toList()) {
          server.install(Files.readString(crd));
        }
      }

      List<Applied> applied = new Application(client).apply(manifests);

      assertThat(applied).hasSameSizeAs(manifests);
    }
  }

  @Test
  void imageSamplesHaveEveryField() throws IOException {
    assertThat(specFields("Image")).containsAll(schemaFields("images.darkroom.dev.yaml"));
  }

  @Test
  void storeSamplesHaveEveryField() throws IOException {
    assertThat(specFields("ImageStore")).containsAll(schemaFields("imagestores.darkroom.dev.yaml"));
  }

  @Test
  void importSamplesHaveEveryFieldOfTheirOwn() throws IOException {
    Set<String> explained = specFields("ImageImport");
    for (String field : specFields("Image")) {
      explained.add(field.replaceFirst("^source\\.", ""));
    }

    assertThat(explained).containsAll(schemaFields("imageimports.darkroom.dev.yaml"));
  }

  @Test
  void memberSamplesHaveEveryField() throws IOException {
    assertThat(specFields("ImageMember"))
        .containsAll(schemaFields("imagemembers.darkroom.dev.yaml"));
  }

  @Test
  void samplesHaveTheAddressOfTheWebServer() throws IOException {
    Path quickstart = Samples.writeTo(scratch, URI.create("http://127.0.0.1:4711/"));

    GenericKubernetesResource image =
        ManifestReader.read(List.of(quickstart.toString())).get(0).object();

    assertThat(image.<String>get("spec", "source", "web", "url"))
        .isEqualTo("http://127.0.0.1:4711/hello.qcow2");
  }

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> SAMPLES.relativize(file).toString())
          // The samples for other tools are in GitOpsSamplesTest.
          .filter(file -> !file.startsWith("gitops/"))
          .toList()
          .stream();
    }
  }

  /**
   * The dotted names of the spec fields in all samples of a kind, commented-out ones included; of
   * free-form maps and lists only their own name.
   */
  private static Set<String> specFields(String kind) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String file : files().toList()) {
      String text =
          COMMENTED_OUT.matcher(Files.readString(SAMPLES.resolve(file))).replaceAll("$1$2");
      for (String document : text.split("(?m)^---$")) {
        JsonNode object = Serialization.unmarshal(document, JsonNode.class);
        if (object.path("kind").asText().equals(kind)) {
          object.path("spec").properties().forEach(f -> collect(f.getKey(), f.getValue(), names));
        }
      }
    }
    return names;
  }

  private static void collect(String name, JsonNode value, Set<String> into) {
    if (value.isObject() && !value.isEmpty() && !name.matches("properties|.*matchLabels")) {
      value.properties().forEach(f -> collect(name + "." + f.getKey(), f.getValue(), into));
    } else {
      into.add(name);
    }
  }

  private static Set<String> schemaFields(String crd) throws IOException {
    CustomResourceDefinition definition =
        Serialization.unmarshal(
            Files.readString(CRDS.resolve(crd)), CustomResourceDefinition.class);
    JSONSchemaProps spec =
        definition
            .getSpec()
            .getVersions()
            .get(0)
            .getSchema()
            .getOpenAPIV3Schema()
            .getProperties()
            .get("spec");
    Set<String> names = new TreeSet<>();
    spec.getProperties().forEach((name, schema) -> collect(name, schema, names));
    return names;
  }

  private static void collect(String name, JSONSchemaProps schema, Set<String> into) {
    if (schema.getProperties() == null || schema.getProperties().isEmpty()) {
      into.add(name);
    } else {
      schema.getProperties().forEach((child, s) -> collect(name + "." + child, s, into));
    }
  }
}
