package dev.darkroom.e2e.scenario.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.Scenario;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Valid manifests are accepted; invalid ones are refused with the field and a message. */
class ManifestTest extends Scenario {

  private static final Path SAMPLES = RepositoryFiles.ROOT.resolve("samples");

  private RawObjects objects;

  @BeforeEach
  void open() {
    objects = new RawObjects(cluster.client(), tenant.namespace());
  }

  static List<ManifestCase> refused() {
    return ManifestCase.read("refused.yaml");
  }

  static List<ManifestCase> accepted() {
    return ManifestCase.read("accepted.yaml");
  }

  static List<String> samples() throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLES)) {
      return files
          .map(SAMPLES::relativize)
          .map(Path::toString)
          .filter(file -> file.endsWith(".yaml"))
          // Manifests for other programs than the API server.
          .filter(file -> !file.startsWith("gitops/"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isRefused(ManifestCase bad) {
    KubernetesClientException refusal =
        catchThrowableOfType(KubernetesClientException.class, () -> send(bad));

    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.getCode()).as(refusal.getMessage()).isEqualTo(bad.code());
    if (bad.field().isPresent()) {
      assertThat(refusal.getStatus().getReason()).isEqualTo("Invalid");
      assertThat(refusal.getStatus().getDetails().getCauses())
          .as(refusal.getMessage())
          .filteredOn(
              cause ->
                  bad.field()
                      .get()
                      .equals(Objects.toString(cause.getField(), "").replace("<nil>", "")))
          .extracting(StatusCause::getMessage)
          .anyMatch(message -> message.contains(bad.says()));
    } else {
      assertThat(refusal.getStatus().getMessage()).contains(bad.says());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void isAccepted(ManifestCase good) {
    ObjectNode stored = send(good);

    ObjectNode asked = good.then().orElse(good.created());
    assertThat(without(stored.path("spec"), asked.path("spec")))
        .as("fields added by the server")
        .isSubsetOf(
            "visibility",
            "protected",
            "hidden",
            "deactivated",
            "acceptance",
            "reclaimPolicy",
            "decompress",
            "allStores",
            "allStoresMustSucceed",
            "backoffLimit",
            "suspend",
            "default",
            "weight",
            "readOnly");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void sampleIsAccepted(String file) throws IOException {
    for (String document : Files.readString(SAMPLES.resolve(file)).split("(?m)^---$")) {
      ObjectNode manifest = (ObjectNode) Serialization.unmarshal(document, JsonNode.class);

      ObjectNode answer = objects.tryCreate(manifest);

      assertThat(answer.path("metadata").path("uid").asText()).isNotEmpty();
    }
  }

  /** Sends the requests of a row; deletes the object afterwards. */
  private ObjectNode send(ManifestCase row) {
    ObjectNode stored = objects.create(row.created());
    try {
      if (row.statusBefore().isPresent()) {
        stored.set("status", row.statusBefore().get());
        stored = objects.replaceStatus(stored);
      }
      if (row.then().isPresent()) {
        stored.setAll(row.then().get());
        stored =
            row.then().get().has("status")
                ? objects.replaceStatus(stored)
                : objects.replace(stored);
      }
      return stored;
    } finally {
      objects.delete(stored);
    }
  }

  private static List<String> without(JsonNode stored, JsonNode asked) {
    return Stream.of(stored)
        .flatMap(node -> node.propertyStream())
        .filter(property -> !property.getValue().equals(asked.get(property.getKey())))
        .map(property -> property.getKey())
        .toList();
  }
}
