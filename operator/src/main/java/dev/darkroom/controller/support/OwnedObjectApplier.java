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
 * Writes objects that belong to the operator, and the operator's fields of other objects: by
 * server-side apply with its own field manager, and only what differs from the cache. Each write
 * returns when the cache shows it.
 */
public final class OwnedObjectApplier {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedObjectApplier.class);
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final SharedInformers informers;
  private final SharedCaches caches;

  /** Compares with the caches, and writes with the client. */
  public OwnedObjectApplier(
      KubernetesClient client, SharedInformers informers, SharedCaches caches) {
    this.client = client;
    this.informers = informers;
    this.caches = caches;
  }

  /**
   * Creates, corrects or deletes a Role and its RoleBinding.
   *
   * @param name of both
   * @param wanted their content; empty to delete them
   */
  public void settle(String namespace, String name, Optional<Grant> wanted) {
    Optional<Role> role = caches.ownRole(namespace, name);
    Optional<RoleBinding> binding = caches.ownBinding(namespace, name);
    if (wanted.isEmpty()) {
      // The RoleBinding is what gives access: it goes first.
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
            "RoleBinding {}/{} names {} subjects, the maximum; {} subjects are left out",
            namespace,
            name,
            Grant.MAX_SUBJECTS,
            grant.leftOut());
      }
    }
  }

  /** The roleRef of a RoleBinding is immutable: one with another roleRef is replaced. */
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

  /** Writes an object of the operator's own; returns it as it is then. */
  public <R extends HasMetadata> R apply(R object) {
    R written = serverSideApply(object);
    informers.awaitWritten(object.getClass(), written);
    return written;
  }

  /** Deletes an object. It may be gone already. */
  public void delete(HasMetadata object) {
    List<StatusDetails> ignored = client.resource(object).delete();
    informers.awaitDeleted(object.getClass(), object);
  }

  /**
   * Sets the owner of an object, with which it is deleted.
   *
   * @return the object as it is then
   */
  public <R extends HasMetadata> R own(R object, OwnerReference owner) {
    GenericKubernetesResource part = part(object);
    part.getMetadata().setOwnerReferences(List.of(owner));
    GenericKubernetesResource written = serverSideApply(part);
    informers.awaitWritten(object.getClass(), written);
    @SuppressWarnings("unchecked") // The class of an R.
    Class<R> kind = (Class<R>) object.getClass();
    return client.getKubernetesSerialization().convertValue(written, kind);
  }

  /**
   * Sets and removes labels of an object of others. The labels may have another field manager,
   * therefore this is a JSON merge patch and no apply.
   *
   * @param changes the new values; null to remove a label
   */
  public void label(HasMetadata object, Map<String, String> changes) {
    GenericKubernetesResource part = part(object);
    part.getMetadata().setLabels(changes);
    try {
      GenericKubernetesResource written =
          client
              .resource(part)
              .patch(
                  new PatchContext.Builder()
                      .withPatchType(PatchType.JSON_MERGE)
                      .withFieldManager(FieldManager.NAME)
                      .build(),
                  Serialization.asJson(Map.of("metadata", Map.of("labels", changes))));
      informers.awaitWritten(object.getClass(), written);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private <R extends HasMetadata> R serverSideApply(R object) {
    return client
        .resource(object)
        .fieldManager(FieldManager.NAME)
        .forceConflicts()
        .serverSideApply();
  }

  /** The identity of an object, with its UID: a later object of the same name is not written. */
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
