package dev.darkroom.e2e.scenario.access;

import dev.darkroom.e2e.RepositoryFiles;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.e2e.scenario.cluster.ClusterUnderTest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Two namespaces on a real cluster with Darkroom's roles and admission policies, and the bindings
 * of each {@link TestUser}. Closing removes everything.
 */
public final class TwoTenants implements AutoCloseable {

  private static final Path CHART = RepositoryFiles.ROOT.resolve("helm/darkroom");
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String GROUP = "darkroom.dev";

  /** The number of objects in the owner's namespace that the member's users may answer. */
  private static final int OFFERS = 1000;

  private final KubernetesClient root;
  private final Path kubeconfig;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final Map<TestUser, KubernetesClient> clients = new EnumMap<>(TestUser.class);
  private final List<HasMetadata> made = new ArrayList<>();
  private int named;

  private TwoTenants(ClusterUnderTest cluster) {
    this.root = cluster.client();
    this.kubeconfig = cluster.kubeconfig();
  }

  /** Creates all objects and waits until they take effect. */
  static TwoTenants on(ClusterUnderTest cluster) throws IOException {
    TwoTenants tenants = new TwoTenants(cluster);
    tenants.namespaces();
    tenants.apply("roles");
    tenants.bindAll();
    tenants.grantOffers();
    tenants.awaitRoles();
    tenants.apply("policies");
    tenants.awaitPolicies();
    return tenants;
  }

  String owner() {
    return "owner-" + id;
  }

  String member() {
    return "member-" + id;
  }

  /** An unused name, for which the member's users have the permissions of an offer. */
  String nextName() {
    if (named == OFFERS) {
      throw new IllegalStateException("more than " + OFFERS + " names");
    }
    return offer(named++);
  }

  private static String offer(int number) {
    return "subject-" + number;
  }

  /** A client with all permissions, exempt from the policies. */
  KubernetesClient root() {
    return root;
  }

  /** A client that impersonates the user. */
  KubernetesClient as(TestUser user) {
    return clients.computeIfAbsent(user, p -> client(p).build());
  }

  private KubernetesClientBuilder client(TestUser user) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withImpersonateUsername(user.user())
                .withImpersonateGroups(TestUser.groups().toArray(String[]::new))
                .withRequestRetryBackoffLimit(0)
                .build());
  }

  /** Whether the API server permits the request of a user. */
  boolean allows(TestUser user, ResourceAttributes what) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(what)
            .endSpec()
            .build();
    return as(user)
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  /** The manifests of a directory of the chart, unchanged. */
  public static List<HasMetadata> manifests(KubernetesClient client, String directory)
      throws IOException {
    List<HasMetadata> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(CHART.resolve(directory))) {
      for (Path file : files.sorted().toList()) {
        try (InputStream stream = Files.newInputStream(file)) {
          all.addAll(client.load(stream).items());
        }
      }
    }
    return all;
  }

  private void namespaces() {
    for (String namespace : List.of(owner(), member())) {
      create(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build());
    }
  }

  /** Like {@code kubectl apply -n OWNER -f}. */
  private void apply(String directory) throws IOException {
    for (HasMetadata manifest : manifests(root, directory)) {
      if (manifest instanceof Role) {
        manifest.getMetadata().setNamespace(owner());
      }
      made.add(root.resource(manifest).forceConflicts().serverSideApply());
    }
  }

  private void bindAll() {
    create(
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName("every-common-verb")
            .endMetadata()
            .addNewRule()
            .withApiGroups(GROUP)
            .withResources("*")
            .withVerbs("get", "list", "watch", "create", "update", "patch", "delete")
            .addToVerbs("deletecollection")
            .endRule()
            .build());
    for (TestUser user : TestUser.values()) {
      user.roles().forEach((place, role) -> bind(user, place, role));
    }
  }

  private void bind(TestUser user, TestUser.Place place, String role) {
    String name = "darkroom-test-" + user + "-" + id;
    if (place == TestUser.Place.CLUSTER) {
      create(
          new ClusterRoleBindingBuilder()
              .withNewMetadata()
              .withName(name)
              .endMetadata()
              .withNewRoleRef(RBAC, "ClusterRole", role)
              .addNewSubject(RBAC, "User", user.user(), null)
              .build());
    } else {
      create(
          new RoleBindingBuilder()
              .withNewMetadata()
              .withNamespace(place == TestUser.Place.OWNER ? owner() : member())
              .withName(name)
              .endMetadata()
              .withNewRoleRef(RBAC, "ClusterRole", role)
              .addNewSubject(RBAC, "User", user.user(), null)
              .build());
    }
  }

  /** Grants access to offers, like the operator; also to a user who must be denied by policy. */
  private void grantOffers() {
    create(
        new RoleBuilder()
            .withNewMetadata()
            .withNamespace(owner())
            .withName("offers")
            .endMetadata()
            .addNewRule()
            .withApiGroups(GROUP)
            .withResources("imagemembers")
            .withResourceNames(IntStream.range(0, OFFERS).mapToObj(TwoTenants::offer).toList())
            .withVerbs("get", "update", "patch")
            .endRule()
            .build());
    create(
        new RoleBindingBuilder()
            .withNewMetadata()
            .withNamespace(owner())
            .withName("offers")
            .endMetadata()
            .withNewRoleRef(RBAC, "Role", "offers")
            .addNewSubject(RBAC, "User", TestUser.MEMBER.user(), null)
            .addNewSubject(RBAC, "User", TestUser.MEMBER_VIEWER.user(), null)
            .build());
  }

  private void awaitRoles() {
    ResourceAttributes offer = may("patch", "imagemembers", owner());
    offer.setName(offer(0));
    awaitAllowed(TestUser.VIEWER, may("list", "images", owner()));
    awaitAllowed(TestUser.EDITOR, may("communitize", "images", owner()));
    awaitAllowed(TestUser.ADMIN, may("publicize", "images", owner()));
    awaitAllowed(TestUser.MEMBER_VIEWER, may("list", "images", member()));
    awaitAllowed(TestUser.MEMBER_VIEWER, offer);
    awaitAllowed(TestUser.MEMBER, may("create", "images", member()));
    awaitAllowed(TestUser.MEMBER, offer);
    awaitAllowed(TestUser.BOTH, may("create", "images", owner()));
    awaitAllowed(TestUser.BOTH, may("create", "images", member()));
    awaitAllowed(TestUser.ALL_COMMON_VERBS, may("create", "images", owner()));
    awaitAllowed(TestUser.OPERATOR, may("operate", "images", null));
    awaitAllowed(TestUser.CLUSTER_ADMIN, may("operate", "images", null));
    awaitAllowed(TestUser.STRANGER, may("list", "publicimages", null));
  }

  static ResourceAttributes may(String verb, String resource, String namespace) {
    String[] parts = resource.split("/", 2);
    ResourceAttributes attributes = new ResourceAttributes();
    attributes.setGroup(GROUP);
    attributes.setVerb(verb);
    attributes.setResource(parts[0]);
    attributes.setSubresource(parts.length > 1 ? parts[1] : null);
    attributes.setNamespace(namespace);
    return attributes;
  }

  private void awaitAllowed(TestUser user, ResourceAttributes what) {
    Tenant.awaiting(user + " may " + what.getVerb() + " " + what.getResource())
        .until(() -> allows(user, what));
  }

  /** Waits until each policy denies a probe request; a new policy takes effect after a delay. */
  private void awaitPolicies() throws IOException {
    List<PolicyCase> probes =
        PolicyCase.read().stream().filter(probe -> !probe.refused().isEmpty()).toList();
    for (HasMetadata policy : manifests(root, "policies")) {
      if (policy instanceof ValidatingAdmissionPolicy) {
        String name = policy.getMetadata().getName();
        PolicyCase probe =
            probes.stream().filter(p -> p.policy().equals(name)).findFirst().orElseThrow();
        Tenant.awaiting(name + " takes effect")
            .until(() -> denial(probe), denial -> denial.contains("ValidatingAdmissionPolicy"));
      }
    }
  }

  /** The API server's message for a request that must be denied. */
  private String denial(PolicyCase probe) {
    PolicyRequest request = new PolicyRequest(this, probe, nextName());
    try {
      request.prepare();
      request.attempt(probe.refused().get(0));
      return "nothing";
    } catch (KubernetesClientException e) {
      return e.getMessage();
    } finally {
      request.deleteObject();
    }
  }

  private void create(HasMetadata object) {
    made.add(root.resource(object).createOr(existing -> existing.update()));
  }

  @Override
  public void close() {
    clients.values().forEach(KubernetesClient::close);
    for (int i = made.size() - 1; i >= 0; i--) {
      remove(made.get(i));
    }
  }

  private void remove(HasMetadata object) {
    try {
      root.resource(object).delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }
}
