package dev.darkroom.controller.support;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.PublicImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The caches of the operator: one for each kind, shared by all controllers. Each kind is listed
 * once and watched once, or once a namespace where the operator is confined to namespaces.
 * Thread-safe.
 *
 * <p>Order of use: register indexes and listeners, {@link #start}, start the controllers, stop the
 * controllers, {@link #close}. A started instance is not started again: each operator has its own.
 */
public final class SharedInformers implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final KubernetesClient client;
  private final Set<String> namespaces;
  private final Map<Class<?>, IndexedInformer<?>> byKind = new LinkedHashMap<>();
  private final IndexedInformer<Image> images;
  private final IndexedInformer<ImageImport> imports;
  private final IndexedInformer<ImageStore> stores;
  private final IndexedInformer<ImageMember> members;
  private final IndexedInformer<PublicImage> entries;
  private final IndexedInformer<Namespace> namespaceObjects;
  private final IndexedInformer<Role> roles;
  private final IndexedInformer<RoleBinding> bindings;
  private final IndexedInformer<ClusterRole> clusterRoles;

  /**
   * Prepares the informers; nothing is asked of the API server yet.
   *
   * @param namespaces the namespaces to watch; empty for all
   */
  public SharedInformers(KubernetesClient client, Set<String> namespaces) {
    this.client = client;
    this.namespaces = namespaces;
    this.images = of(Image.class);
    this.imports = of(ImageImport.class);
    this.stores = of(ImageStore.class);
    this.members = of(ImageMember.class);
    this.entries = of(PublicImage.class);
    this.namespaceObjects = of(Namespace.class);
    this.roles = of(Role.class);
    this.bindings = of(RoleBinding.class);
    this.clusterRoles = of(ClusterRole.class);
  }

  private <R extends HasMetadata> IndexedInformer<R> of(Class<R> kind) {
    IndexedInformer<R> informer = new IndexedInformer<>(client, kind, namespaces);
    byKind.put(kind, informer);
    return informer;
  }

  /**
   * Lists and watches all kinds. Blocks until all caches are complete.
   *
   * @throws KubernetesClientException when the API server refuses a kind, or has not answered
   *     within 2 min
   */
  public void start() {
    CompletableFuture<?>[] started =
        all().stream().map(IndexedInformer::start).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(started).get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new KubernetesClientException(
          "The API server refuses to list or watch a kind: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new KubernetesClientException(
          "The caches are not complete after %d s.".formatted(START_TIMEOUT.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("Interrupted while the caches fill.", e);
    }
  }

  /** Whether every kind is watched. */
  public boolean isHealthy() {
    return all().stream().allMatch(IndexedInformer::isHealthy);
  }

  /** The number of informers. */
  public int count() {
    return all().stream().mapToInt(IndexedInformer::informers).sum();
  }

  @Override
  public void close() {
    all().forEach(IndexedInformer::close);
  }

  /**
   * A client whose informers are the shared ones. The operator framework makes its informers with
   * it; everything else goes to the API server as with the client itself.
   */
  public KubernetesClient client() {
    return SharedInformerClient.of(client, this);
  }

  /** The cache of a kind, if the operator has one. */
  @SuppressWarnings("unchecked") // The map has an informer of R for the class of R.
  <R extends HasMetadata> Optional<IndexedInformer<R>> find(Class<R> kind) {
    return Optional.ofNullable((IndexedInformer<R>) byKind.get(kind));
  }

  /** Waits until the cache of a kind, if there is one, holds a written object. */
  void awaitWritten(Class<? extends HasMetadata> kind, HasMetadata written) {
    find(kind).ifPresent(cache -> cache.awaitWritten(written));
  }

  /** Waits until the cache of a kind, if there is one, shows a deletion. */
  void awaitDeleted(Class<? extends HasMetadata> kind, HasMetadata deleted) {
    find(kind).ifPresent(cache -> cache.awaitDeleted(deleted));
  }

  /** The Images. */
  public IndexedInformer<Image> images() {
    return images;
  }

  /** The ImageImports. */
  public IndexedInformer<ImageImport> imports() {
    return imports;
  }

  /** The ImageStores. */
  public IndexedInformer<ImageStore> stores() {
    return stores;
  }

  /** The ImageMembers. */
  public IndexedInformer<ImageMember> members() {
    return members;
  }

  /** The PublicImages. */
  public IndexedInformer<PublicImage> entries() {
    return entries;
  }

  /** The Namespaces: all of them, for offers go to any namespace. */
  public IndexedInformer<Namespace> namespaces() {
    return namespaceObjects;
  }

  /** The Roles: those of the operator and those of others. */
  public IndexedInformer<Role> roles() {
    return roles;
  }

  /** The RoleBindings: those of the operator and those of others. */
  public IndexedInformer<RoleBinding> bindings() {
    return bindings;
  }

  /** The ClusterRoles. */
  public IndexedInformer<ClusterRole> clusterRoles() {
    return clusterRoles;
  }

  private Collection<IndexedInformer<?>> all() {
    return byKind.values();
  }
}
