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
 * Sees every state of every object while a scenario runs, whatever it is about, and notes what no
 * state may be: statuses that tools read differently, and specs that the operator wrote. Safe for
 * use by many threads.
 */
final class Witness implements AutoCloseable {

  private static final Map<String, String> PLURALS =
      Map.of(
          "Image", "images",
          "ImageImport", "imageimports",
          "ImageMember", "imagemembers",
          "ImageStore", "imagestores");

  private final KubernetesSerialization serialization;
  private final ArgoHealth argo;
  private final FluxHealth flux;
  private final Set<String> offences = new TreeSet<>();
  private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();

  private Witness(KubernetesSerialization serialization) {
    this.serialization = serialization;
    try {
      argo = ArgoHealth.ofTheSample();
      flux = FluxHealth.ofTheSample();
    } catch (IOException | CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks from now on. */
  static Witness of(KubernetesClient client) {
    Witness witness = new Witness(client.getKubernetesSerialization());
    PLURALS.forEach((kind, plural) -> witness.watch(client, kind, plural));
    return witness;
  }

  /** What was seen that may not be; each once. */
  synchronized Set<String> offences() {
    return Set.copyOf(offences);
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
                    see(object);
                  }

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource before, GenericKubernetesResource now) {
                    see(now);
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource object, boolean unknown) {
                    // Its last state was seen.
                  }
                }));
  }

  private synchronized void see(GenericKubernetesResource seen) {
    JsonNode object = serialization.convertValue(seen, JsonNode.class);
    List<String> found = new ArrayList<>();
    try {
      conditions(object, found);
      verdicts(object, found);
      ownership(object, found);
    } catch (CelEvaluationException | RuntimeException e) {
      found.add("can't be judged: " + e);
    }
    for (String offence : found) {
      offences.add(
          "%s %s %s: %s"
              .formatted(
                  seen.getKind(),
                  seen.getMetadata().getName(),
                  offence,
                  object.path("status").path("conditions")));
    }
  }

  private static void conditions(JsonNode object, List<String> offences) {
    boolean ready = Kstatus.isTrue(object, "Ready");
    boolean reconciling = Kstatus.isTrue(object, "Reconciling");
    boolean stalled = Kstatus.isTrue(object, "Stalled");
    if ((ready && reconciling) || (ready && stalled) || (reconciling && stalled)) {
      offences.add("is two of Ready, Reconciling and Stalled");
    }
    JsonNode observed = object.path("status").path("observedGeneration");
    if (!observed.isNumber()
        || observed.asLong() > object.path("metadata").path("generation").asLong()) {
      offences.add("observed generation " + observed);
    }
    Kstatus.condition(object, "Ready")
        .filter(c -> c.path("observedGeneration").asLong() != observed.asLong())
        .ifPresent(c -> offences.add("observed generation " + observed + " but not in Ready"));
    for (String onlyWhenTrue : List.of("Reconciling", "Stalled")) {
      if (Kstatus.condition(object, onlyWhenTrue).isPresent()
          && !Kstatus.isTrue(object, onlyWhenTrue)) {
        offences.add(onlyWhenTrue + " is there and not true");
      }
    }
  }

  private void verdicts(JsonNode object, List<String> offences) throws CelEvaluationException {
    Kstatus verdict = Kstatus.of(object);
    if (verdict == Kstatus.CURRENT && !Kstatus.isTrue(object, "Ready")) {
      offences.add("is Current and not Ready");
    }
    String inArgo = argo.of(object).status();
    Kstatus inFlux = flux.of(object);
    boolean agree =
        switch (verdict) {
          case CURRENT -> inArgo.equals("Healthy") && inFlux == Kstatus.CURRENT;
          case FAILED -> inArgo.equals("Degraded") && inFlux == Kstatus.FAILED;
          case TERMINATING -> inArgo.equals("Progressing");
          // What is at rest because somebody wants it has no word there.
          case IN_PROGRESS ->
              inArgo.equals("Suspended")
                  ? inFlux != Kstatus.FAILED
                  : inArgo.equals("Progressing") && inFlux == Kstatus.IN_PROGRESS;
        };
    if (!agree) {
      offences.add("is " + verdict + ", with Argo CD " + inArgo + ", with Flux " + inFlux);
    }
  }

  private static void ownership(JsonNode object, List<String> offences) {
    if (isMadeByTheOperator(object)) {
      return;
    }
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      if (entry.path("manager").asText().startsWith(FieldManager.NAME)
          && entry.path("fieldsV1").has("f:spec")) {
        offences.add(
            "has a spec that the operator wrote: " + entry.path("fieldsV1").path("f:spec"));
      }
    }
  }

  /** Imports that images have because of their source, and links of accepted offers. */
  private static boolean isMadeByTheOperator(JsonNode object) {
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner.path("kind").asText().equals("Image") && owner.path("controller").asBoolean()) {
        return true;
      }
    }
    return object.path("metadata").path("labels").has(ApiGroup.MEMBER_LABEL);
  }
}
