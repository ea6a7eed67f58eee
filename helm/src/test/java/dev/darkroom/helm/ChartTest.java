package dev.darkroom.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that the chart renders from values. */
class ChartTest {

  static Stream<Path> examples() throws IOException {
    return Chart.examples();
  }

  @Test
  void lintsStrictly() {
    LintResult result = Chart.lint();

    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void appVersionIsTheVersionOfTheBuild() throws IOException {
    assertThat(Chart.file("Chart.yaml").path("appVersion").asText())
        .isEqualTo(System.getProperty("project.version"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void rendersEachExample(Path example) throws IOException {
    Manifests manifests = Chart.template(Files.readString(example));

    Set<String> names = new HashSet<>();
    assertThat(manifests.objects())
        .allSatisfy(
            object -> {
              assertThat(object.path("apiVersion").asText()).isNotEmpty();
              assertThat(names.add(object.path("kind").asText() + "/" + Manifests.name(object)))
                  .as("unique kind and name: " + Manifests.name(object))
                  .isTrue();
            });
    assertThat(manifests.pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
  }

  @Test
  void theOperatorRunsWithoutPrivilegesOnAReadOnlyFileSystem() {
    Manifests manifests = Chart.template("");

    JsonNode pod = manifests.pod().path("securityContext");
    assertThat(pod.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    JsonNode container = manifests.container().path("securityContext");
    assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(manifests.container().path("volumeMounts").findValuesAsText("mountPath"))
        .containsExactly("/tmp", "/var/lib/darkroom/staging");
  }

  @Test
  void settingsBecomeFlags() {
    Manifests manifests =
        Chart.template(
            """
            port: 9000
            staging:
              enabled: false
            settings:
              log-level: debug
              transfer-slots: 12000000
              allow-sources: [10.20.0.0/16, mirror.internal]
            """);

    assertThat(manifests.arguments())
        .containsExactly(
            "operator",
            "--health-port=9000",
            "--leader-election=on",
            "--allow-sources=10.20.0.0/16,mirror.internal",
            "--log-format=json",
            "--log-level=debug",
            "--transfer-slots=12000000");
    assertThat(manifests.container().at("/ports/0/containerPort").asInt()).isEqualTo(9000);
  }

  @Test
  void moreThanOneReplicaRequiresLeaderElection() {
    Manifests manifests = Chart.template("{replicas: 3, leaderElection: {enabled: true}}");

    assertThat(manifests.arguments()).contains("--leader-election=on");
    assertThat(manifests.one("Deployment", "darkroom").at("/spec/strategy/type").asText())
        .isEqualTo("RollingUpdate");
    assertThat(manifests.one("PodDisruptionBudget", "darkroom").at("/spec/minAvailable").asInt())
        .isEqualTo(1);
    assertThatThrownBy(() -> Chart.template("{replicas: 2, leaderElection: {enabled: false}}"))
        .hasMessageContaining("leaderElection.enabled");
  }

  @Test
  void aSingleReplicaWithoutLeaderElectionIsRecreated() {
    Manifests manifests = Chart.template("{replicas: 1, leaderElection: {enabled: false}}");

    assertThat(manifests.arguments()).contains("--leader-election=off");
    assertThat(manifests.one("Deployment", "darkroom").at("/spec/strategy/type").asText())
        .isEqualTo("Recreate");
    assertThat(manifests.all("PodDisruptionBudget")).isEmpty();
  }

  @Test
  void aDigestReplacesTheTag() {
    String digest = "sha256:" + "0".repeat(64);

    Manifests manifests =
        Chart.template("{image: {repository: r/d, tag: v1, digest: '%s'}}".formatted(digest));

    assertThat(manifests.container().path("image").asText()).isEqualTo("r/d@" + digest);
  }

  @Test
  void aClaimIsMountedAtThePathOfItsStore() throws IOException {
    Manifests manifests = Chart.template(Files.readString(Path.of("examples/filesystem.yaml")));

    JsonNode store = manifests.one("ImageStore", "local");
    String path = store.at("/spec/filesystem/path").asText();
    assertThat(manifests.container().path("volumeMounts").findValuesAsText("mountPath"))
        .contains(path);
    String claim = Manifests.name(manifests.all("PersistentVolumeClaim").get(0));
    assertThat(manifests.pod().path("volumes").findValuesAsText("claimName"))
        .containsExactly(claim);
  }

  @Test
  void aBucketRefersToTheSecretMadeFromItsCredentials() throws IOException {
    Manifests manifests = Chart.template(Files.readString(Path.of("examples/s3.yaml")));

    JsonNode made = manifests.one("ImageStore", "frankfurt").at("/spec/s3");
    JsonNode secret = manifests.one("Secret", made.at("/credentialsRef/name").asText());
    assertThat(secret.at("/stringData/accessKeyId").asText()).isEqualTo("example");
    assertThat(secret.at("/metadata/namespace").asText()).isEqualTo("darkroom-system");
    JsonNode authorities = manifests.one("ConfigMap", made.at("/caBundleRef/name").asText());
    assertThat(authorities.at("/data").path(made.at("/caBundleRef/key").asText()).asText())
        .startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(manifests.one("ImageStore", "archive").at("/spec/s3/credentialsRef/name").asText())
        .isEqualTo("archive-credentials");
    assertThat(manifests.all("Secret")).hasSize(1);
  }

  @Test
  void anUninstallKeepsStoresUnlessKeepIsFalse() {
    String values =
        """
        stores:
          kept:
            spec: {}
            claim: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
          gone:
            keep: false
            spec: {s3: {bucket: images}}
            credentials: {accessKeyId: a, secretAccessKey: b}
        """;

    Manifests manifests = Chart.template(values);

    assertThat(manifests.objects().stream().filter(Manifests::isKept).map(Manifests::name))
        .containsExactlyInAnyOrder("kept", "darkroom-store-kept");
    assertThat(Manifests.isKept(manifests.one("ImageStore", "gone"))).isFalse();
  }

  @Test
  void contradictorySettingsOfAStoreAreRefused() {
    assertRefused(
        "stores: {a: {spec: {s3: {bucket: b}}, volume: {persistentVolumeClaim: {claimName: c}}}}",
        "stores.a",
        "volume",
        "filesystem");
    assertRefused(
        "stores: {a: {spec: {filesystem: {path: /data}}, credentials: {accessKeyId: a,"
            + " secretAccessKey: b}}}",
        "stores.a",
        "credentials",
        "bucket");
    assertRefused(
        "stores: {a: {spec: {filesystem: {path: /data}}, volume: {persistentVolumeClaim:"
            + " {claimName: c}}}}",
        "stores.a",
        "spec.filesystem.path",
        "/var/lib/darkroom/stores/a",
        "/data");
  }

  @Test
  void theNetworkPolicyAllowsOnlyThePort() {
    JsonNode policy = Chart.template("").one("NetworkPolicy", "darkroom");

    assertThat(policy.at("/spec/ingress")).hasSize(1);
    assertThat(policy.at("/spec/ingress/0/ports/0/port").asText()).isEqualTo("http");
    assertThat(Chart.template("{networkPolicy: {enabled: false}}").all("NetworkPolicy")).isEmpty();
  }

  @Test
  void onlyTheOperatorsRolesAreBoundToItsServiceAccount() throws IOException {
    Manifests manifests = Chart.template("{serviceAccount: {name: images}}");

    Set<String> expected = new HashSet<>();
    for (JsonNode role : operatorsRoles()) {
      expected.add(role.path("kind").asText() + "/" + Manifests.name(role));
    }
    Set<String> bound = new HashSet<>();
    for (String kind : List.of("ClusterRoleBinding", "RoleBinding")) {
      for (JsonNode binding : manifests.all(kind)) {
        if (isOf(binding.at("/subjects"), "images")) {
          bound.add(
              binding.at("/roleRef/kind").asText() + "/" + binding.at("/roleRef/name").asText());
        }
      }
    }
    assertThat(bound).isEqualTo(expected);
    assertThat(manifests.pod().path("serviceAccountName").asText()).isEqualTo("images");
  }

  @Test
  void rolesAndPoliciesAreOptional() {
    Manifests manifests = Chart.template("{rbac: {create: false}, policies: {create: false}}");

    assertThat(manifests.objects())
        .extracting(object -> object.path("kind").asText())
        .doesNotContain("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
        .doesNotContain("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");
  }

  private static List<JsonNode> operatorsRoles() throws IOException {
    Path file = Chart.DIRECTORY.resolve("roles/operator.yaml");
    return Files.exists(file) ? Manifests.of(Files.readString(file)).objects() : List.of();
  }

  private static boolean isOf(JsonNode subjects, String serviceAccount) {
    return subjects.size() == 1
        && subjects.at("/0/kind").asText().equals("ServiceAccount")
        && subjects.at("/0/name").asText().equals(serviceAccount)
        && subjects.at("/0/namespace").asText().equals("darkroom-system");
  }

  private static void assertRefused(String values, String... facts) {
    assertThatThrownBy(() -> Chart.template(values)).hasMessageContainingAll(facts);
  }
}
