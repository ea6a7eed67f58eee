package dev.darkroom.e2e.scenario;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;

/** What somebody has declared, without what the cluster adds of its own accord. */
final class Declared {

  private Declared() {}

  /**
   * An object as YAML, without its version and the times of writing (a claim and a policy get new
   * ones even so) and without its status, which is the cluster's to write and to own. Its
   * generation and who owns which other field are part of it.
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
