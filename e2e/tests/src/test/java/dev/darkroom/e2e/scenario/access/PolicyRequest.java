package dev.darkroom.e2e.scenario.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.EditReplacePatchable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.util.Locale;
import java.util.Set;

/** The request of a row of {@code policies.yaml}, for an object of its own. */
final class PolicyRequest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> CLUSTER_SCOPED = Set.of("ImageStore", "PublicImage");

  /** Without a body the client does not send the request unchanged. */
  private static final String DELETE_OPTIONS = "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\"}";

  private final TwoTenants tenants;
  private final PolicyCase row;
  private final String name;

  /**
   * @param name the name of the object
   */
  PolicyRequest(TwoTenants tenants, PolicyCase row, String name) {
    this.tenants = tenants;
    this.row = row;
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Replaces the placeholders for names in a text. */
  String named(String text) {
    return text.replace("$name", name)
        .replace("$owner", tenants.owner())
        .replace("$member", tenants.member());
  }

  /** Creates the object that must exist before. */
  void prepare() {
    if (row.given().isPresent()) {
      resource(tenants.root(), object(row.given().get())).create();
    }
  }

  /**
   * Sends the request.
   *
   * @throws KubernetesClientException if the request is denied
   */
  void attempt(TestUser user) {
    KubernetesClient client = tenants.as(user);
    ObjectNode body = object(row.body());
    switch (row.verb()) {
      case "create" -> resource(client, body).create();
      case "patch" -> patch(resource(client, body), PatchType.JSON_MERGE, body);
      case "apply" -> patch(resource(client, body), PatchType.SERVER_SIDE_APPLY, body);
      case "replace" -> client.raw(path(), "PUT", replaced(body));
      case "status" -> client.raw(path() + "/status", "PUT", replaced(body));
      case "delete" -> client.raw(path(), "DELETE", DELETE_OPTIONS);
      case "delete-collection" ->
          client.raw(collection() + "?labelSelector=row%3D" + name, "DELETE", DELETE_OPTIONS);
      default -> throw new IllegalArgumentException(row.verb());
    }
  }

  private static void patch(
      EditReplacePatchable<GenericKubernetesResource> resource, PatchType type, ObjectNode body) {
    PatchContext context =
        new PatchContext.Builder().withPatchType(type).withFieldManager("e2e-test").build();
    if (type == PatchType.SERVER_SIDE_APPLY) {
      context.setForce(true);
    }
    resource.patch(context, body.toString());
  }

  /** The current object with these parts replaced. */
  private ObjectNode replaced(ObjectNode body) {
    ObjectNode current = parsed(tenants.root().raw(path()));
    ObjectNode metadata = body.withObject("/metadata");
    metadata.set("resourceVersion", current.at("/metadata/resourceVersion"));
    return current.setAll(body);
  }

  /** Whether the object exists and is not being deleted. */
  boolean objectExists() {
    try {
      String answer = tenants.root().raw(path());
      return answer != null && !parsed(answer).path("metadata").has("deletionTimestamp");
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Deletes the object, if it exists. */
  void deleteObject() {
    if (objectExists()) {
      Resource<GenericKubernetesResource> resource =
          resource(tenants.root(), object(JSON.createObjectNode()));
      String unprotected =
          row.kind().equals("Image")
              ? "{\"metadata\":{\"finalizers\":null},\"spec\":{\"protected\":false}}"
              : "{\"metadata\":{\"finalizers\":null}}";
      resource.patch(PatchContext.of(PatchType.JSON_MERGE), unprotected);
      resource.delete();
    }
  }

  private ObjectNode object(JsonNode parts) {
    ObjectNode object = JSON.createObjectNode();
    object.put("apiVersion", "darkroom.dev/v1alpha1").put("kind", row.kind());
    if (parts.isObject()) {
      object.setAll(parsed(named(parts.toString())));
    }
    ObjectNode metadata = object.withObject("/metadata").put("name", name);
    if (isNamespaced()) {
      metadata.put("namespace", tenants.owner());
    }
    return object;
  }

  private Resource<GenericKubernetesResource> resource(KubernetesClient client, ObjectNode object) {
    var all =
        client.genericKubernetesResources(
            new ResourceDefinitionContext.Builder()
                .withGroup("darkroom.dev")
                .withVersion("v1alpha1")
                .withKind(row.kind())
                .withPlural(plural())
                .withNamespaced(isNamespaced())
                .build());
    GenericKubernetesResource item =
        Serialization.unmarshal(object.toString(), GenericKubernetesResource.class);
    return isNamespaced() ? all.inNamespace(tenants.owner()).resource(item) : all.resource(item);
  }

  private String path() {
    return collection() + "/" + name;
  }

  private String collection() {
    return "/apis/darkroom.dev/v1alpha1"
        + (isNamespaced() ? "/namespaces/" + tenants.owner() : "")
        + "/"
        + plural();
  }

  private String plural() {
    return row.kind().toLowerCase(Locale.ROOT) + "s";
  }

  private boolean isNamespaced() {
    return !CLUSTER_SCOPED.contains(row.kind());
  }

  private static ObjectNode parsed(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
