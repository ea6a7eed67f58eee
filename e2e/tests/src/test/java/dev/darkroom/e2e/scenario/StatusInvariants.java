package dev.darkroom.e2e.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.darkroom.api.ApiGroup;
import dev.darkroom.controller.support.FieldManager;
import dev.darkroom.e2e.scenario.gitops.ArgoHealth;
import dev.darkroom.e2e.scenario.gitops.FluxHealth;
import dev.darkroom.e2e.scenario.gitops.Kstatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Watches all objects during a scenario and records violations of rules that hold for every status:
 * consistent conditions, one verdict by kstatus, Argo CD and Flux, and no spec written by the
 * operator. Thread-safe.
 */
public final class StatusInvariants implements AutoCloseable {

  private static final Map<String, String> PLURALS =
      Map.of(
          "Image", "images",
          "ImageImport", "imageimports",
          "ImageMember", "imagemembers",
          "ImageStore", "imagestores");

  private final KubernetesSerialization serialization;
  private final ArgoHealth argo;
  private final FluxHealth flux;
  private final Set<String> violations = new TreeSet<>();
  private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();

  private StatusInvariants(KubernetesSerialization serialization) {
    this.serialization = serialization;
    try {
      argo = ArgoHealth.ofTheSample();
      flux = FluxHealth.ofTheSample();
    } catch (IOException | CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts watching. */
  public static StatusInvariants of(KubernetesClient client) {
    StatusInvariants invariants = new StatusInvariants(client.getKubernetesSerialization());
    PLURALS.forEach((kind, plural) -> invariants.watch(client, kind, plural));
    return invariants;
  }

  /** The violations so far, without duplicates. */
  public synchronized Set<String> violations() {
    return Set.copyOf(violations);
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
  }

  private void watch(KubernetesClient client, String kind, String plural) {
    ResourceDefinitionContext context =
        new ResourceDefinitionContext.Builder()
            .withGroup(ApiGroup.NAME)
            .withVersion(ApiGroup.VERSION)
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(!kind.equals("ImageStore"))
            .build();
    informers.add(
        client
            .genericKubernetesResources(context)
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(GenericKubernetesResource object) {
                    check(object);
                  }

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource before, GenericKubernetesResource now) {
                    check(now);
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource object, boolean unknown) {
                    // The last state was already checked.
                  }
                }));
  }

  private synchronized void check(GenericKubernetesResource resource) {
    JsonNode object = serialization.convertValue(resource, JsonNode.class);
    List<String> found = new ArrayList<>();
    try {
      conditions(object, found);
      verdicts(object, found);
      ownership(object, found);
    } catch (CelEvaluationException | RuntimeException e) {
      found.add("check failed: " + e);
    }
    for (String violation : found) {
      violations.add(
          "%s %s %s: %s"
              .formatted(
                  resource.getKind(),
                  resource.getMetadata().getName(),
                  violation,
                  object.path("status").path("conditions")));
    }
  }

  private static void conditions(JsonNode object, List<String> violations) {
    boolean ready = Kstatus.isTrue(object, "Ready");
    boolean reconciling = Kstatus.isTrue(object, "Reconciling");
    boolean stalled = Kstatus.isTrue(object, "Stalled");
    if ((ready && reconciling) || (ready && stalled) || (reconciling && stalled)) {
      violations.add("has two of Ready, Reconciling and Stalled");
    }
    JsonNode observed = object.path("status").path("observedGeneration");
    if (!observed.isNumber()
        || observed.asLong() > object.path("metadata").path("generation").asLong()) {
      violations.add("observed generation " + observed);
    }
    Kstatus.condition(object, "Ready")
        .filter(c -> c.path("observedGeneration").asLong() != observed.asLong())
        .ifPresent(c -> violations.add("observed generation " + observed + " but not in Ready"));
    for (String onlyWhenTrue : List.of("Reconciling", "Stalled")) {
      if (Kstatus.condition(object, onlyWhenTrue).isPresent()
          && !Kstatus.isTrue(object, onlyWhenTrue)) {
        violations.add(onlyWhenTrue + " is present and not True");
      }
    }
  }

  private void verdicts(JsonNode object, List<String> violations) throws CelEvaluationException {
    Kstatus verdict = Kstatus.of(object);
    if (verdict == Kstatus.CURRENT && !Kstatus.isTrue(object, "Ready")) {
      violations.add("is Current in kstatus and not Ready");
    }
    String inArgo = argo.of(object).status();
    Kstatus inFlux = flux.of(object);
    boolean agree =
        switch (verdict) {
          case CURRENT -> inArgo.equals("Healthy") && inFlux == Kstatus.CURRENT;
          case FAILED -> inArgo.equals("Degraded") && inFlux == Kstatus.FAILED;
          case TERMINATING -> inArgo.equals("Progressing");
          // Argo CD and Flux have no state for an object that a user suspended.
          case IN_PROGRESS ->
              inArgo.equals("Suspended")
                  ? inFlux != Kstatus.FAILED
                  : inArgo.equals("Progressing") && inFlux == Kstatus.IN_PROGRESS;
        };
    if (!agree) {
      violations.add("kstatus " + verdict + ", Argo CD " + inArgo + ", Flux " + inFlux);
    }
  }

  private static void ownership(JsonNode object, List<String> violations) {
    if (isCreatedByOperator(object)) {
      return;
    }
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.path("manager").asText().startsWith(FieldManager.NAME)
          && entry.path("fieldsV1").has("f:spec")) {
        violations.add("has spec fields of the operator: " + entry.path("fieldsV1").path("f:spec"));
      }
    }
  }

  /** Imports of an image with a source, and links of accepted members. */
  private static boolean isCreatedByOperator(JsonNode object) {
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner.path("kind").asText().equals("Image") && owner.path("controller").asBoolean()) {
        return true;
      }
    }
    return object.path("metadata").path("labels").has(ApiGroup.MEMBER_LABEL);
  }
}
