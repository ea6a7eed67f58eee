package dev.darkroom.e2e.scenario.chart;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;

/** The declared part of an object, without values added by the cluster. */
final class DeclaredState {

  private DeclaredState() {}

  /**
   * An object as YAML, with generation and field managers; without resource version, times of
   * writes, and status. (Claims and policies get new versions without a change.)
   */
  static String contentOf(HasMetadata object) {
    GenericKubernetesResource declared =
        Serialization.unmarshal(Serialization.asYaml(object), GenericKubernetesResource.class);
    declared.getMetadata().setResourceVersion(null);
    declared
        .getMetadata()
        .getManagedFields()
        .removeIf(entry -> "status".equals(entry.getSubresource()));
    declared.getAdditionalProperties().remove("status");
    declared.getMetadata().getManagedFields().forEach(entry -> entry.setTime(null));
    return Serialization.asYaml(declared);
  }
}
