package dev.darkroom.e2e.scenario.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.e2e.scenario.Scenario;
import dev.darkroom.e2e.scenario.cluster.ServerKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rendered manifests pass strict validation, and applying them again changes nothing. */
class ChartManifestsTest extends Scenario {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("gitops")
          .withFieldValidation("Strict")
          .build();

  private final List<GenericKubernetesResource> applied = new ArrayList<>();

  @AfterEach
  void deleteObjects() {
    Collections.reverse(applied);
    applied.forEach(object -> cluster.client().resource(object).delete());
  }

  @ParameterizedTest
  @ValueSource(strings = {"filesystem", "s3", "locked-down", "single", "monitoring"})
  void manifestsAreAcceptedAndStable(String example) {
    Set<String> notServed = new TreeSet<>();
    for (GenericKubernetesResource object : rendered(example)) {
      if (!cluster.client().supports(object.getApiVersion(), object.getKind())) {
        notServed.add(object.getApiVersion());
        continue;
      }
      GenericKubernetesResource once = apply(object);
      applied.add(once);

      GenericKubernetesResource twice = apply(object);

      assertThat(DeclaredState.contentOf(twice)).isEqualTo(DeclaredState.contentOf(once));
    }

    assertThat(applied).isNotEmpty();
    if (kind == ServerKind.REAL) {
      assertThat(notServed).isSubsetOf("monitoring.coreos.com/v1");
    }
  }

  private GenericKubernetesResource apply(GenericKubernetesResource object) {
    return cluster.client().resource(object).patch(APPLY, object);
  }

  private List<GenericKubernetesResource> rendered(String example) {
    String manifests = HelmRelease.template(tenant.namespace(), HelmRelease.example(example));
    return Stream.of(manifests.split("(?m)^---$"))
        .filter(document -> document.contains("\nkind: "))
        .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
        .toList();
  }
}
