package dev.darkroom.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.e2e.Repository;
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
 * The API server itself refuses what the admission policies are there to refuse, and nothing else:
 * each row of {@code policies.yaml}, asked by each person that it names.
 */
class PolicyTest extends TwoTenantsScenario {

  /**
   * One cell of the table.
   *
   * @param row what is tried
   * @param person who tries it
   */
  record Cell(PolicyCase row, Person person) {

    @Override
    public String toString() {
      return row + ", by " + person;
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

  private static Stream<Cell> cells(Function<PolicyCase, List<Person>> people) {
    return PolicyCase.read().stream()
        .flatMap(row -> people.apply(row).stream().map(person -> new Cell(row, person)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void letsThrough(Cell cell) {
    Deed deed = new Deed(tenants, cell.row(), tenants.nextName());
    try {
      deed.prepare();

      assertThatCode(() -> deed.attempt(cell.person())).doesNotThrowAnyException();
    } finally {
      deed.undo();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void deniesTheRequestAndNamesTheReason(Cell cell) {
    Deed deed = new Deed(tenants, cell.row(), tenants.nextName());
    try {
      deed.prepare();
      KubernetesClientException refusal = refusal(deed, cell.person());

      assertThat(refusal.getStatus().getMessage())
          .contains(cell.row().says().stream().map(deed::named).toList());
      assertThat(deed.objectIsThere()).as("still there").isEqualTo(cell.row().given().isPresent());
    } finally {
      deed.undo();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unauthorized")
  void isNotEvenAsked(Cell cell) {
    Deed deed = new Deed(tenants, cell.row(), tenants.nextName());
    try {
      deed.prepare();
      KubernetesClientException refusal = refusal(deed, cell.person());

      assertThat(refusal.getCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
      assertThat(refusal.getStatus().getMessage())
          .contains("User \"" + cell.person().user() + "\" cannot ")
          .doesNotContain("ValidatingAdmissionPolicy");
    } finally {
      deed.undo();
    }
  }

  private static KubernetesClientException refusal(Deed deed, Person person) {
    KubernetesClientException refusal =
        catchThrowableOfType(KubernetesClientException.class, () -> deed.attempt(person));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }

  @ParameterizedTest
  @ValueSource(strings = {"roles", "policies"})
  void kubectlAppliesThemWithoutHelm(String directory) throws IOException, InterruptedException {
    String answer =
        Kubectl.find(cluster.kubeconfig(), tenants.owner())
            .run(
                "apply",
                "--dry-run=server",
                "-f",
                Repository.ROOT.resolve("helm/darkroom").resolve(directory).toString());

    // What is there was not made by kubectl, which says so.
    assertThat(answer.lines().filter(line -> !line.startsWith("Warning: ")))
        .isNotEmpty()
        .allMatch(line -> line.endsWith(" (server dry run)"));
  }

  @Test
  void aNamespaceGoesWithItsProtectedImages() {
    try (Tenant doomed = Tenant.create(tenants.root())) {
      String name = "golden";
      doomed.createImage(name, ImageSpecBuilder.builder().isProtected(true).build());

      tenants.root().namespaces().withName(doomed.namespace()).delete();

      Tenant.awaiting("the end of namespace " + doomed.namespace())
          .until(() -> tenants.root().namespaces().withName(doomed.namespace()).get() == null);
    }
  }

  @Test
  void expressionsFitTheTypesThatTheyAreAbout() throws IOException {
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

  /** Types are looked at only where no version is a wildcard. Without a binding it does nothing. */
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
    return Tenant.awaiting("the types of " + policy.getMetadata().getName())
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
