package dev.darkroom.e2e.scenario;

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
import dev.darkroom.e2e.Repository;
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
 * What the API server answers the people of the access table. They are impersonated, with the roles
 * and policies of the chart in force; on a server that enforces nothing everybody is root.
 */
final class TableCells implements AutoCloseable {

  private static final Path CHART = Repository.ROOT.resolve("helm/darkroom");
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String GROUP = "darkroom.dev";

  private final ClusterUnderTest cluster;
  private final Map<TableWho, Tenant> homes;
  private final Map<TableWho, KubernetesClient> clients = new EnumMap<>(TableWho.class);

  private TableCells(ClusterUnderTest cluster, Map<TableWho, Tenant> homes) {
    this.cluster = cluster;
    this.homes = homes;
  }

  /**
   * Lets everybody in.
   *
   * @param enforcing whether the server asks who somebody is
   */
  static TableCells on(ClusterUnderTest cluster, boolean enforcing, Map<TableWho, Tenant> homes)
      throws IOException {
    TableCells cells = new TableCells(cluster, homes);
    if (enforcing) {
      cells.install("roles");
      for (TableWho who : TableWho.values()) {
        cells.bind(who);
        cells.clients.put(who, cells.impersonating(who));
      }
      cells.install("policies");
    }
    return cells;
  }

  /** The offer of an image to somebody's namespace. */
  static String member(String image, TableWho who) {
    return image + "-" + who;
  }

  boolean reads(TableWho who, String image) {
    return allowed(() -> images(who).withName(image).get());
  }

  /** Not the offers: those who may not list every namespace's are told by Events. */
  boolean lists(TableWho who, String image) {
    String home = homes.get(who).namespace();
    KubernetesClient client = client(who);
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
   * Who serves bytes asks RBAC whether somebody may ask, and the image whether it gives any. The
   * API server itself serves none: whom it lets ask, it tells that it has no such thing.
   */
  boolean readsBytes(TableWho who, String image) {
    Image now = cluster.client().resources(Image.class).inNamespace(owner()).withName(image).get();
    String content = "/apis/%s/v1alpha1/namespaces/%s/images/%s/content";
    return allowed(() -> client(who).raw(content.formatted(GROUP, owner(), image)))
        && Content.of(now) == Content.SERVED;
  }

  boolean changes(TableWho who, String image) {
    return allowed(
        () -> images(who).withName(image).patch(tried(), "{\"spec\":{\"displayName\":\"Mine\"}}"));
  }

  boolean deletes(TableWho who, String image) {
    return allowed(() -> images(who).withName(image).dryRun().delete());
  }

  boolean offers(TableWho who, String image) {
    ImageMember offer = new ImageMember();
    offer.setMetadata(
        new ObjectMetaBuilder().withNamespace(owner()).withName(image + "-offer").build());
    offer.setSpec(ImageMemberSpec.offer(image, "somebody"));
    return allowed(() -> client(who).resource(offer).dryRun().create());
  }

  /** Those without an offer of their own try that of somebody else. */
  boolean answers(TableWho who, String image) {
    TableWho offered = who.answer().isPresent() ? who : TableWho.PENDING;
    String answer =
        who.answer().filter(Acceptance.ACCEPTED::equals).isPresent() ? "Rejected" : "Accepted";
    return allowed(
        () ->
            client(who)
                .resources(ImageMember.class)
                .inNamespace(owner())
                .withName(member(image, offered))
                .patch(tried(), "{\"spec\":{\"acceptance\":\"" + answer + "\"}}"));
  }

  /** Makes a link where somebody is at home, as everybody may. */
  void link(TableWho who, String image, String name) {
    Image link = new Image();
    link.setMetadata(
        new ObjectMetaBuilder().withNamespace(homes.get(who).namespace()).withName(name).build());
    link.setSpec(
        ImageSpecBuilder.builder()
            .source(ImageSourceBuilder.builder().image(new ImageReference(owner(), image)).build())
            .build());
    client(who).resource(link).create();
  }

  private static PatchContext tried() {
    return new PatchContext.Builder()
        .withPatchType(PatchType.JSON_MERGE)
        .withDryRun(List.of("All"))
        .build();
  }

  private static boolean allowed(Runnable deed) {
    try {
      deed.run();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }

  private NonNamespaceOperation<Image, ?, Resource<Image>> images(TableWho who) {
    return client(who).resources(Image.class).inNamespace(owner());
  }

  private String owner() {
    return homes.get(TableWho.OWNER).namespace();
  }

  private KubernetesClient client(TableWho who) {
    return clients.getOrDefault(who, cluster.client());
  }

  /** Of this owner's namespace only: names are used again by later tests. */
  private String user(TableWho who) {
    return who + "-of-" + owner();
  }

  private KubernetesClient impersonating(TableWho who) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .withImpersonateUsername(user(who))
                .withImpersonateGroups("system:authenticated")
                .build())
        .build();
  }

  private void bind(TableWho who) {
    HasMetadata binding =
        who == TableWho.ADMINISTRATOR
            ? new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(user(who))
                .endMetadata()
                .withNewRoleRef(RBAC, "ClusterRole", "cluster-admin")
                .addNewSubject(RBAC, "User", user(who), null)
                .build()
            : new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(homes.get(who).namespace())
                .withName(user(who))
                .endMetadata()
                .withNewRoleRef(RBAC, "ClusterRole", "darkroom-editor")
                .addNewSubject(RBAC, "User", user(who), null)
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

  /** Policies are for everybody; who comes later did not ask for them. */
  @Override
  public void close() throws IOException {
    if (clients.isEmpty()) {
      return;
    }
    clients.values().forEach(KubernetesClient::close);
    for (String directory : List.of("policies", "roles")) {
      manifests(directory).forEach(m -> cluster.client().resource(m).delete());
    }
    cluster.client().rbac().clusterRoleBindings().withName(user(TableWho.ADMINISTRATOR)).delete();
  }
}
