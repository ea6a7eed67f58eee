package dev.darkroom.e2e.scenario.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.KubectlProcess;
import dev.darkroom.e2e.scenario.Tenant;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ExpressionWarning;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The admission policies deny the requests of {@code policies.yaml} and no others, for each user of
 * a row.
 */
class AdmissionPolicyTest extends TwoTenantsScenario {

  /**
   * One cell of the table.
   *
   * @param row the request
   * @param user the user
   */
  record Cell(PolicyCase row, TestUser user) {

    @Override
    public String toString() {
      return row + ", by " + user;
    }
  }

  static Stream<Cell> allowed() {
    return cells(PolicyCase::allowed);
  }

  static Stream<Cell> refused() {
    return cells(PolicyCase::refused);
  }

  static Stream<Cell> unauthorized() {
    return cells(PolicyCase::unauthorized);
  }

  private static Stream<Cell> cells(Function<PolicyCase, List<TestUser>> people) {
    return PolicyCase.read().stream()
        .flatMap(row -> people.apply(row).stream().map(user -> new Cell(row, user)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void allowedRequestSucceeds(Cell cell) {
    PolicyRequest request = new PolicyRequest(tenants, cell.row(), tenants.nextName());
    try {
      request.prepare();

      assertThatCode(() -> request.attempt(cell.user())).doesNotThrowAnyException();
    } finally {
      request.deleteObject();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void deniesTheRequestAndNamesTheReason(Cell cell) {
    PolicyRequest request = new PolicyRequest(tenants, cell.row(), tenants.nextName());
    try {
      request.prepare();
      KubernetesClientException refusal = refusal(request, cell.user());

      assertThat(refusal.getStatus().getMessage())
          .contains(cell.row().says().stream().map(request::named).toList());
      assertThat(request.objectExists())
          .as("object exists")
          .isEqualTo(cell.row().given().isPresent());
    } finally {
      request.deleteObject();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unauthorized")
  void unauthorizedRequestIsForbidden(Cell cell) {
    PolicyRequest request = new PolicyRequest(tenants, cell.row(), tenants.nextName());
    try {
      request.prepare();
      KubernetesClientException refusal = refusal(request, cell.user());

      assertThat(refusal.getCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
      assertThat(refusal.getStatus().getMessage())
          .contains("User \"" + cell.user().user() + "\" cannot ")
          .doesNotContain("ValidatingAdmissionPolicy");
    } finally {
      request.deleteObject();
    }
  }

  private static KubernetesClientException refusal(PolicyRequest request, TestUser user) {
    KubernetesClientException refusal =
        catchThrowableOfType(KubernetesClientException.class, () -> request.attempt(user));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }

  @ParameterizedTest
  @ValueSource(strings = {"roles", "policies"})
  void kubectlAppliesRolesAndPolicies(String directory) throws IOException, InterruptedException {
    String answer =
        KubectlProcess.find(cluster.kubeconfig(), tenants.owner())
            .run(
                "apply",
                "--dry-run=server",
                "-f",
                RepositoryFiles.ROOT.resolve("helm/darkroom").resolve(directory).toString());

    // The objects were not created by kubectl, so it prints a warning.
    assertThat(answer.lines().filter(line -> !line.startsWith("Warning: ")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" (server dry run)"));
  }

  @Test
  void namespaceWithProtectedImagesIsDeleted() {
    try (Tenant namespace = Tenant.create(tenants.root())) {
      String name = "golden";
      namespace.createImage(name, ImageSpecBuilder.builder().isProtected(true).build());

      tenants.root().namespaces().withName(namespace.namespace()).delete();

      Tenant.awaiting("deletion of namespace " + namespace.namespace())
          .until(() -> tenants.root().namespaces().withName(namespace.namespace()).get() == null);
    }
  }

  @Test
  void expressionsPassTypeChecking() throws IOException {
    List<ValidatingAdmissionPolicy> checked = new ArrayList<>();
    try {
      for (HasMetadata manifest : TwoTenants.manifests(tenants.root(), "policies")) {
        if (manifest instanceof ValidatingAdmissionPolicy policy) {
          checked.add(tenants.root().resource(typed(policy)).create());
        }
      }

      assertThat(checked).isNotEmpty();
      for (ValidatingAdmissionPolicy policy : checked) {
        assertThat(warnings(policy)).as(policy.getMetadata().getName()).isEmpty();
      }
    } finally {
      checked.forEach(policy -> tenants.root().resource(policy).delete());
    }
  }

  /**
   * Types are checked only for rules without a version wildcard. Without a binding the policy has
   * no effect.
   */
  private static ValidatingAdmissionPolicy typed(ValidatingAdmissionPolicy policy) {
    policy.getMetadata().setName("typed-" + policy.getMetadata().getName());
    policy
        .getSpec()
        .getMatchConstraints()
        .getResourceRules()
        .forEach(rule -> rule.setApiVersions(List.of("v1alpha1")));
    return policy;
  }

  private List<String> warnings(ValidatingAdmissionPolicy policy) {
    return Tenant.awaiting("type checking of " + policy.getMetadata().getName())
        .until(
            () -> tenants.root().resource(policy).get(),
            now ->
                now.getStatus() != null
                    && policy
                        .getMetadata()
                        .getGeneration()
                        .equals(now.getStatus().getObservedGeneration()))
        .getStatus()
        .getTypeChecking()
        .getExpressionWarnings()
        .stream()
        .map(ExpressionWarning::getWarning)
        .collect(Collectors.toList());
  }
}
