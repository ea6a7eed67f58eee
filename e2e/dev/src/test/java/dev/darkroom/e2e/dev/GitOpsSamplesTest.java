package dev.darkroom.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStore;
import dev.darkroom.e2e.apiserver.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests for GitOps tools are valid and cover every kind with a status. */
class GitOpsSamplesTest {

  private static final Path SAMPLES = Repository.ROOT.resolve("samples/gitops");
  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(Image.class, ImageImport.class, ImageMember.class, ImageStore.class);

  @ParameterizedTest
  @ValueSource(strings = {"argocd-health.yaml", "flux-kustomization.yaml"})
  void samplesPassStrictValidation(String file) throws IOException {
    List<SourceObject> manifests = ManifestReader.read(List.of(SAMPLES.resolve(file).toString()));
    try (ApiServer server = ApiServer.start(ApiServer.Options.defaults());
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build()) {
      server.install(resource("/gitops/flux-kustomizations.yaml"));
      for (SourceObject manifest : manifests) {
        GenericKubernetesResource object = manifest.object();
        client
            .resource(
                new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(object.getMetadata().getNamespace())
                    .endMetadata()
                    .build())
            .create();
      }

      List<Applied> applied = new Application(client).apply(manifests);

      assertThat(applied).hasSize(1);
    }
  }

  @Test
  void samplesCoverEveryKindWithAStatus() throws IOException {
    List<String> kinds = KINDS.stream().map(HasMetadata::getKind).toList();
    List<String> inArgo =
        sample("argocd-health.yaml").path("data").properties().stream()
            .map(entry -> entry.getKey())
            .filter(key -> key.startsWith("resource.customizations.health."))
            .map(key -> key.replaceFirst("^resource[.]customizations[.]health[.]", ""))
            .toList();
    List<String> inFlux = new ArrayList<>();
    for (JsonNode check : sample("flux-kustomization.yaml").at("/spec/healthCheckExprs")) {
      assertThat(check.path("apiVersion").asText())
          .isEqualTo(ApiGroup.NAME + "/" + ApiGroup.VERSION);
      inFlux.add(check.path("kind").asText());
    }

    assertThat(inArgo)
        .containsExactlyInAnyOrderElementsOf(
            kinds.stream().map(kind -> ApiGroup.NAME + "_" + kind).toList());
    assertThat(inFlux).containsExactlyInAnyOrderElementsOf(kinds);
  }

  private static JsonNode sample(String file) throws IOException {
    return Serialization.unmarshal(Files.readString(SAMPLES.resolve(file)), JsonNode.class);
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = GitOpsSamplesTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
