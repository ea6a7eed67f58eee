package dev.darkroom.e2e.scenario.access;

import dev.darkroom.access.Catalogue;
import dev.darkroom.access.Content;
import dev.darkroom.api.Acceptance;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageReference;
import dev.darkroom.api.ImageSourceBuilder;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.PublicImage;
import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests of the personas of the access table, impersonated, with the chart's roles and policies.
 * On a server without authorization all requests have all permissions.
 */
final class AccessRequests implements AutoCloseable {

  private static final Path CHART = RepositoryFiles.ROOT.resolve("helm/darkroom");
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String GROUP = "darkroom.dev";

  private final ClusterUnderTest cluster;
  private final Map<Persona, Tenant> homes;
  private final Map<Persona, KubernetesClient> clients = new EnumMap<>(Persona.class);

  private AccessRequests(ClusterUnderTest cluster, Map<Persona, Tenant> homes) {
    this.cluster = cluster;
    this.homes = homes;
  }

  /**
   * Installs roles, policies and bindings.
   *
   * @param enforcing whether the server authorizes requests
   */
  static AccessRequests on(ClusterUnderTest cluster, boolean enforcing, Map<Persona, Tenant> homes)
      throws IOException {
    AccessRequests cells = new AccessRequests(cluster, homes);
    if (enforcing) {
      cells.install("roles");
      for (Persona persona : Persona.values()) {
        cells.bind(persona);
        cells.clients.put(persona, cells.impersonating(persona));
      }
      cells.install("policies");
    }
    return cells;
  }

  /** The name of the member for a persona's namespace. */
  static String member(String image, Persona persona) {
    return image + "-" + persona;
  }

  boolean reads(Persona persona, String image) {
    return allowed(() -> images(persona).withName(image).get());
  }

  /** Without offers: a user without list permission in all namespaces gets them by Events. */
  boolean lists(Persona persona, String image) {
    String home = homes.get(persona).namespace();
    KubernetesClient client = client(persona);
    String there = owner() + "/" + image;
    return Catalogue.of(
            home,
            client.resources(Image.class).inNamespace(home).list().getItems(),
            List.of(),
            client.resources(PublicImage.class).list().getItems(),
            Catalogue.Hidden.LEFT_OUT)
        .stream()
        .anyMatch(
            entry ->
                entry.from().isPresent()
                    ? entry.from().get().equals(there)
                    : home.equals(owner()) && entry.name().equals(image));
  }

  /**
   * A server of bytes checks RBAC and the state of the image. The API server has no content: a
   * permitted request gets 404.
   */
  boolean readsBytes(Persona persona, String image) {
    Image now = cluster.client().resources(Image.class).inNamespace(owner()).withName(image).get();
    String content = "/apis/%s/v1alpha1/namespaces/%s/images/%s/content";
    return allowed(() -> client(persona).raw(content.formatted(GROUP, owner(), image)))
        && Content.of(now) == Content.SERVED;
  }

  boolean changes(Persona persona, String image) {
    return allowed(
        () ->
            images(persona)
                .withName(image)
                .patch(dryRun(), "{\"spec\":{\"displayName\":\"Mine\"}}"));
  }

  boolean deletes(Persona persona, String image) {
    return allowed(() -> images(persona).withName(image).dryRun().delete());
  }

  boolean offers(Persona persona, String image) {
    ImageMember offer = new ImageMember();
    offer.setMetadata(
        new ObjectMetaBuilder().withNamespace(owner()).withName(image + "-offer").build());
    offer.setSpec(ImageMemberSpec.offer(image, "another-namespace"));
    return allowed(() -> client(persona).resource(offer).dryRun().create());
  }

  /** A persona without an offer answers the pending persona's offer. */
  boolean answers(Persona persona, String image) {
    Persona offered = persona.answer().isPresent() ? persona : Persona.PENDING;
    String answer =
        persona.answer().filter(Acceptance.ACCEPTED::equals).isPresent() ? "Rejected" : "Accepted";
    return allowed(
        () ->
            client(persona)
                .resources(ImageMember.class)
                .inNamespace(owner())
                .withName(member(image, offered))
                .patch(dryRun(), "{\"spec\":{\"acceptance\":\"" + answer + "\"}}"));
  }

  /** Creates a link in the persona's namespace. */
  void link(Persona persona, String image, String name) {
    Image link = new Image();
    link.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(homes.get(persona).namespace())
            .withName(name)
            .build());
    link.setSpec(
        ImageSpecBuilder.builder()
            .source(ImageSourceBuilder.builder().image(new ImageReference(owner(), image)).build())
            .build());
    client(persona).resource(link).create();
  }

  private static PatchContext dryRun() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.JSON_MERGE)
        .withDryRun(List.of("All"))
        .build();
  }

  private static boolean allowed(Runnable request) {
    try {
      request.run();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }

  private NonNamespaceOperation<Image, ?, Resource<Image>> images(Persona persona) {
    return client(persona).resources(Image.class).inNamespace(owner());
  }

  private String owner() {
    return homes.get(Persona.OWNER).namespace();
  }

  private KubernetesClient client(Persona persona) {
    return clients.getOrDefault(persona, cluster.client());
  }

  /** Contains the owner's namespace, because later tests use the same persona names. */
  private String user(Persona persona) {
    return persona + "-of-" + owner();
  }

  private KubernetesClient impersonating(Persona persona) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .withImpersonateUsername(user(persona))
                .withImpersonateGroups("system:authenticated")
                .build())
        .build();
  }

  private void bind(Persona persona) {
    HasMetadata binding =
        persona == Persona.ADMINISTRATOR
            ? new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(user(persona))
                .endMetadata()
                .withNewRoleRef(RBAC, "ClusterRole", "cluster-admin")
                .addNewSubject(RBAC, "User", user(persona), null)
                .build()
            : new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(homes.get(persona).namespace())
                .withName(user(persona))
                .endMetadata()
                .withNewRoleRef(RBAC, "ClusterRole", "darkroom-editor")
                .addNewSubject(RBAC, "User", user(persona), null)
                .build();
    cluster.client().resource(binding).create();
  }

  private void install(String directory) throws IOException {
    manifests(directory)
        .forEach(m -> cluster.client().resource(m).forceConflicts().serverSideApply());
  }

  private List<HasMetadata> manifests(String directory) throws IOException {
    try (Stream<Path> files = Files.list(CHART.resolve(directory))) {
      List<HasMetadata> all = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        try (var in = Files.newInputStream(file)) {
          all.addAll(cluster.client().load(in).items());
        }
      }
      all.stream()
          .filter(m -> m.getKind().equals("Role"))
          .forEach(m -> m.getMetadata().setNamespace("default"));
      return all;
    }
  }

  /** Policies apply to all tests, so they are removed. */
  @Override
  public void close() throws IOException {
    if (clients.isEmpty()) {
      return;
    }
    clients.values().forEach(KubernetesClient::close);
    for (String directory : List.of("policies", "roles")) {
      manifests(directory).forEach(m -> cluster.client().resource(m).delete());
    }
    cluster.client().rbac().clusterRoleBindings().withName(user(Persona.ADMINISTRATOR)).delete();
  }
}
