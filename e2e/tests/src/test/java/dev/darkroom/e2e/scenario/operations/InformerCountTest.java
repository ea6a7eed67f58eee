package dev.darkroom.e2e.scenario.operations;

import static dev.darkroom.e2e.scenario.ConditionPredicates.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.api.Image;
import dev.darkroom.e2e.scenario.Disk;
import dev.darkroom.e2e.scenario.SharingScenario;
import dev.darkroom.e2e.scenario.WebResponses;
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

/** The operator sends one LIST and one WATCH per kind, for all controllers. */
class InformerCountTest extends SharingScenario {

  private static final Set<String> WITH_NAMESPACES =
      Set.of("images", "imageimports", "imagemembers", "roles", "rolebindings");
  private static final Set<String> WITHOUT_NAMESPACES =
      Set.of("imagestores", "publicimages", "namespaces", "clusterroles");

  private final ReadLog reads = new ReadLog();

  @Override
  protected void listen(HttpClient.Builder http) {
    http.addOrReplaceInterceptor("reads", reads);
  }

  @Test
  void eachKindIsListedAndWatchedOnce() throws IOException {
    stopOperator();
    reads.clear();

    startOperator(settings());
    awaitReadyImage();

    assertThat(reads.counts()).isEqualTo(each(1));
  }

  @Test
  void auditLogHasOneListAndWatchPerKind() throws IOException {
    assumeTrue(cluster.auditLog().isPresent(), "this API server writes no audit log");
    Path log = cluster.auditLog().orElseThrow();
    stopOperator();
    int before = AuditedReads.of(log, OperatorIdentity.USER).size();

    startOperator(settings());
    awaitReadyImage();

    List<String> all = AuditedReads.of(log, OperatorIdentity.USER);
    assertThat(ReadLog.counts(all.subList(before, all.size()))).isEqualTo(each(1));
  }

  @Test
  void twoNamespacesAreListedAndWatchedOnceEach() throws IOException {
    stopOperator();
    reads.clear();

    startOperator(quick().namespaces(Set.of(tenant.namespace(), other.namespace())).build());
    awaitReadyImage();

    assertThat(reads.counts()).isEqualTo(each(2));
  }

  @Test
  void restartInTheSameProcessListsAndWatchesOnce() throws IOException {
    for (int start = 1; start <= 3; start++) {
      stopOperator();
      reads.clear();
      startOperator(settings());
    }
    awaitReadyImage();

    assertThat(reads.counts()).isEqualTo(each(1));
  }

  /** Gives all controllers work: a store is opened, an image is imported and listed. */
  private void awaitReadyImage() throws IOException {
    defaultStore();
    web.on("/fedora", WebResponses.bytes(Disk.qcow2()));
    tenant.createImage("fedora", from("/fedora").build());
    tenant.await(Image.class, "fedora", ready());
  }

  /** One LIST and one WATCH per kind and, for namespaced kinds, per namespace. */
  private static Map<String, Long> each(long namespaces) {
    Map<String, Long> counts = new TreeMap<>();
    for (String verb : List.of("list ", "watch ")) {
      WITH_NAMESPACES.forEach(resource -> counts.put(verb + resource, namespaces));
      WITHOUT_NAMESPACES.forEach(resource -> counts.put(verb + resource, 1L));
    }
    return counts;
  }
}
