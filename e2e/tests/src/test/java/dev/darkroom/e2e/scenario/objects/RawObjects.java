package dev.darkroom.e2e.scenario.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Locale;
import java.util.Set;

/** Darkroom's objects as JSON, with strict validation of fields like kubectl. */
final class RawObjects {

  private static final Set<String> CLUSTER_SCOPED = Set.of("ImageStore", "PublicImage");
  private static final String STRICT = "?fieldValidation=Strict";

  private final KubernetesClient client;
  private final String namespace;

  RawObjects(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Creates an object.
   *
   * @throws KubernetesClientException if the request is refused
   */
  ObjectNode create(ObjectNode object) {
    return parsed(client.raw(collection(object) + STRICT, "POST", object));
  }

  /** Like {@link #create}, as a dry run. */
  ObjectNode tryCreate(ObjectNode object) {
    return parsed(client.raw(collection(object) + STRICT + "&dryRun=All", "POST", object));
  }

  /** Replaces an object that was read before. */
  ObjectNode replace(ObjectNode object) {
    return parsed(client.raw(path(object) + STRICT, "PUT", object));
  }

  /** Replaces the status of an object that was read before. */
  ObjectNode replaceStatus(ObjectNode object) {
    return parsed(client.raw(path(object) + "/status" + STRICT, "PUT", object));
  }

  /** The current object. */
  ObjectNode read(ObjectNode object) {
    return parsed(client.raw(path(object)));
  }

  void delete(ObjectNode object) {
    client
        .resource(Serialization.unmarshal(object.toString(), GenericKubernetesResource.class))
        .delete();
  }

  private static ObjectNode parsed(String json) {
    return (ObjectNode) Serialization.unmarshal(json, JsonNode.class);
  }

  private String path(ObjectNode object) {
    return collection(object) + "/" + object.path("metadata").path("name").asText();
  }

  private String collection(ObjectNode object) {
    String kind = object.path("kind").asText();
    String scope = CLUSTER_SCOPED.contains(kind) ? "" : "/namespaces/" + namespace;
    return "/apis/darkroom.dev/v1alpha1" + scope + "/" + kind.toLowerCase(Locale.ROOT) + "s";
  }
}
