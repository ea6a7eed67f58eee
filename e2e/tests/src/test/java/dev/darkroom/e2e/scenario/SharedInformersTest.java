package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Image;
import dev.darkroom.e2e.scenario.cluster.AuditedReads;
import dev.darkroom.e2e.scenario.cluster.OperatorIdentity;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The operator lists and watches each kind once, whatever number of controllers needs it. */
class SharedInformersTest extends SharingScenario {

  private static final Set<String> WITH_NAMESPACES =
      Set.of("images", "imageimports", "imagemembers", "roles", "rolebindings");
  private static final Set<String> WITHOUT_NAMESPACES =
      Set.of("imagestores", "publicimages", "namespaces", "clusterroles");

  private final Reads reads = new Reads();

  @Override
  void listen(HttpClient.Builder http) {
    http.addOrReplaceInterceptor("reads", reads);
  }

  @Test
  void eachKindIsListedOnceAndWatchedOnce() throws IOException {
    stopOperator();
    reads.forget();

    startOperator(settings());
    anImageBecomesReady();

    assertThat(reads.counts()).isEqualTo(each(1));
  }

  @Test
  void theAuditLogOfTheApiServerCountsTheSame() throws IOException {
    assumeTrue(cluster.auditLog().isPresent(), "Skipped: this API server writes no audit log.");
    Path log = cluster.auditLog().orElseThrow();
    stopOperator();
    int before = AuditedReads.of(log, OperatorIdentity.USER).size();

    startOperator(settings());
    anImageBecomesReady();

    List<String> all = AuditedReads.of(log, OperatorIdentity.USER);
    assertThat(Reads.counts(all.subList(before, all.size()))).isEqualTo(each(1));
  }

  @Test
  void anOperatorConfinedToTwoNamespacesListsAndWatchesEachOfThemOnce() throws IOException {
    stopOperator();
    reads.forget();

    startOperator(quick().namespaces(Set.of(tenant.namespace(), other.namespace())).build());
    anImageBecomesReady();

    assertThat(reads.counts()).isEqualTo(each(2));
  }

  @Test
  void anOperatorThatStartsAgainInTheSameProcessDoesTheSame() throws IOException {
    for (int start = 1; start <= 3; start++) {
      stopOperator();
      reads.forget();
      startOperator(settings());
    }
    anImageBecomesReady();

    assertThat(reads.counts()).isEqualTo(each(1));
  }

  /** All controllers have work: a store is opened, an import runs, the image is shown. */
  private void anImageBecomesReady() throws IOException {
    defaultStore();
    web.on("/fedora", Answers.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());
  }

  /** One list and one watch of each kind, and of each namespace where a kind has namespaces. */
  private static Map<String, Long> each(long namespaces) {
    Map<String, Long> counts = new TreeMap<>();
    for (String verb : List.of("list ", "watch ")) {
      WITH_NAMESPACES.forEach(resource -> counts.put(verb + resource, namespaces));
      WITHOUT_NAMESPACES.forEach(resource -> counts.put(verb + resource, 1L));
    }
    return counts;
  }
}
