package dev.darkroom.e2e.dev;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Applies manifests like {@code kubectl apply --server-side}: unchanged, with strict field
 * validation.
 *
 * @param client a client of the API server
 */
record Application(KubernetesClient client) {

  private static final String FIELD_MANAGER = "darkroom-dev";
  private static final String DEFAULT_NAMESPACE = "default";

  /**
   * Applies all manifests, namespaces first, otherwise in order.
   *
   * @throws InputException if the API server refused one or more; the others are applied
   */
  List<Applied> apply(List<SourceObject> manifests) {
    List<Applied> applied = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    for (SourceObject manifest : namespacesFirst(manifests)) {
      try {
        applied.add(apply(manifest));
      } catch (KubernetesClientException e) {
        refusals.add(manifest.origin() + ": " + Sentences.of(e));
      }
    }
    if (!refusals.isEmpty()) {
      throw new InputException(String.join("\n", refusals));
    }
    return applied;
  }

  private static List<SourceObject> namespacesFirst(List<SourceObject> manifests) {
    return manifests.stream()
        .sorted(Comparator.comparing(manifest -> !"Namespace".equals(manifest.object().getKind())))
        .toList();
  }

  private Applied apply(SourceObject manifest) {
    GenericKubernetesResource object = manifest.object();
    ResourceDefinitionContext context = contextOf(object);
    var resources = client.genericKubernetesResources(context);
    String namespace = "";
    if (context.isNamespaceScoped()) {
      namespace =
          Optional.ofNullable(object.getMetadata().getNamespace()).orElse(DEFAULT_NAMESPACE);
      object.getMetadata().setNamespace(namespace);
    }
    var resource =
        context.isNamespaceScoped()
            ? resources.inNamespace(namespace).resource(object)
            : resources.resource(object);
    resource
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .fieldManager(FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
    return new Applied(
        manifest.title(),
        object.getApiVersion(),
        object.getKind(),
        namespace,
        object.getMetadata().getName());
  }

  private ResourceDefinitionContext contextOf(GenericKubernetesResource object) {
    String apiVersion = object.getApiVersion();
    APIResource resource =
        Optional.ofNullable(client.getApiResources(apiVersion))
            .map(APIResourceList::getResources)
            .orElse(List.of())
            .stream()
            .filter(r -> r.getKind().equals(object.getKind()) && !r.getName().contains("/"))
            .findFirst()
            .orElseThrow(
                () ->
                    new KubernetesClientException(
                        "the API server knows no %s in %s"
                            .formatted(object.getKind(), apiVersion)));
    int slash = apiVersion.indexOf('/');
    return new ResourceDefinitionContext.Builder()
        .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
        .withVersion(apiVersion.substring(slash + 1))
        .withKind(resource.getKind())
        .withPlural(resource.getName())
        .withNamespaced(resource.getNamespaced())
        .build();
  }
}
