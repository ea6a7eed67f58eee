package dev.darkroom.controller.support;

import dev.darkroom.access.Grant;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the operator writes objects that are wholly its own, and its part of those that are not: by
 * server-side apply under its own name, and only what differs from what is there.
 */
public final class OwnedObjectApplier {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedObjectApplier.class);
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final SharedCaches around;

  public OwnedObjectApplier(KubernetesClient client, SharedCaches around) {
    this.client = client;
    this.around = around;
  }

  /**
   * Makes a Role and its RoleBinding be there as wanted, or not at all.
   *
   * @param name of both
   */
  public void settle(String namespace, String name, Optional<Grant> wanted) {
    Optional<Role> role = around.ownRole(namespace, name);
    Optional<RoleBinding> binding = around.ownBinding(namespace, name);
    if (wanted.isEmpty()) {
      // What is taken away first is what lets somebody in.
      binding.ifPresent(this::delete);
      role.ifPresent(this::delete);
      return;
    }
    Grant grant = wanted.get();
    if (role.filter(grant::has).isEmpty()) {
      apply(grant.role());
    }
    if (binding.filter(grant::has).isEmpty()) {
      bind(grant.binding());
      if (grant.leftOut() > 0) {
        LOG.warn(
            "RoleBinding {}/{} names {} users and groups, as many as it may; {} are left out",
            namespace,
            name,
            Grant.MAX_SUBJECTS,
            grant.leftOut());
      }
    }
  }

  /** What a binding is about can't be changed: somebody else's is replaced. */
  private void bind(RoleBinding wanted) {
    try {
      apply(wanted);
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      delete(wanted);
      apply(wanted);
    }
  }

  /** Writes an object of the operator's own, and gives what came of it. */
  public <R extends HasMetadata> R apply(R object) {
    return client
        .resource(object)
        .fieldManager(FieldManager.NAME)
        .forceConflicts()
        .serverSideApply();
  }

  /** Deletes an object; it may be gone already. */
  public void delete(HasMetadata object) {
    List<StatusDetails> ignored = client.resource(object).delete();
  }

  /**
   * Makes an object go when another one goes.
   *
   * @return the object as it is then
   */
  public <R extends HasMetadata> R own(R object, OwnerReference owner) {
    GenericKubernetesResource part = part(object);
    part.getMetadata().setOwnerReferences(List.of(owner));
    @SuppressWarnings("unchecked") // The class of an R.
    Class<R> kind = (Class<R>) object.getClass();
    return client.getKubernetesSerialization().convertValue(apply(part), kind);
  }

  /**
   * Sets labels of somebody's object.
   *
   * @param changes what they shall be; null for one that shall not be. It may have been somebody
   *     else who set it, and so this is not applied but patched.
   */
  public void label(HasMetadata object, Map<String, String> changes) {
    GenericKubernetesResource part = part(object);
    part.getMetadata().setLabels(changes);
    try {
      client
          .resource(part)
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.JSON_MERGE)
                  .withFieldManager(FieldManager.NAME)
                  .build(),
              Serialization.asJson(Map.of("metadata", Map.of("labels", changes))));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  /** An object of which nothing is said but which one it is: another of that name is not meant. */
  private static GenericKubernetesResource part(HasMetadata of) {
    GenericKubernetesResource part = new GenericKubernetesResource();
    part.setApiVersion(of.getApiVersion());
    part.setKind(of.getKind());
    part.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(of.getMetadata().getNamespace())
            .withName(of.getMetadata().getName())
            .withUid(of.getMetadata().getUid())
            .build());
    return part;
  }
}
