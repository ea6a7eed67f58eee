package dev.darkroom.e2e.scenario;

import dev.darkroom.e2e.Repository;
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
 * A real cluster with Darkroom's roles and admission policies in force, two namespaces, and the
 * people of {@link Person} with what they may. Closing takes all of it away.
 */
final class TwoTenants implements AutoCloseable {

  private static final Path CHART = Repository.ROOT.resolve("helm/darkroom");
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String GROUP = "darkroom.dev";

  /** How many objects in the owner's namespace the member's people are let at. */
  private static final int OFFERS = 1000;

  private final KubernetesClient root;
  private final Path kubeconfig;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final Map<Person, KubernetesClient> clients = new EnumMap<>(Person.class);
  private final List<HasMetadata> made = new ArrayList<>();
  private int named;

  private TwoTenants(ClusterUnderTest cluster) {
    this.root = cluster.client();
    this.kubeconfig = cluster.kubeconfig();
  }

  /** Sets all of it up; it is in force when this returns. */
  static TwoTenants on(ClusterUnderTest cluster) throws IOException {
    TwoTenants tenants = new TwoTenants(cluster);
    tenants.namespaces();
    tenants.apply("roles");
    tenants.bindAll();
    tenants.letAtOffers();
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

  /** A name that nothing has, which the member's people are let at should it become an offer. */
  String nextName() {
    if (named == OFFERS) {
      throw new IllegalStateException("more than " + OFFERS + " names");
    }
    return offer(named++);
  }

  private static String offer(int number) {
    return "subject-" + number;
  }

  /** May do everything, and is asked nothing. */
  KubernetesClient root() {
    return root;
  }

  /** Asks in the name of somebody. */
  KubernetesClient as(Person person) {
    return clients.computeIfAbsent(person, p -> client(p).build());
  }

  private KubernetesClientBuilder client(Person person) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withImpersonateUsername(person.user())
                .withImpersonateGroups(Person.groups().toArray(String[]::new))
                .withRequestRetryBackoffLimit(0)
                .build());
  }

  /** Whether the API server says that somebody may do something. */
  boolean allows(Person person, ResourceAttributes what) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withResourceAttributes(what)
            .endSpec()
            .build();
    return as(person)
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }

  /** The files of a directory of the chart, as they are. */
  static List<HasMetadata> manifests(KubernetesClient client, String directory) throws IOException {
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
      make(new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build());
    }
  }

  /** As {@code kubectl apply -n OWNER -f} does. */
  private void apply(String directory) throws IOException {
    for (HasMetadata manifest : manifests(root, directory)) {
      if (manifest instanceof Role) {
        manifest.getMetadata().setNamespace(owner());
      }
      made.add(root.resource(manifest).forceConflicts().serverSideApply());
    }
  }

  private void bindAll() {
    make(
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
    for (Person person : Person.values()) {
      person.roles().forEach((place, role) -> bind(person, place, role));
    }
  }

  private void bind(Person person, Person.Place place, String role) {
    String name = "darkroom-test-" + person + "-" + id;
    if (place == Person.Place.CLUSTER) {
      make(
          new ClusterRoleBindingBuilder()
              .withNewMetadata()
              .withName(name)
              .endMetadata()
              .withNewRoleRef(RBAC, "ClusterRole", role)
              .addNewSubject(RBAC, "User", person.user(), null)
              .build());
    } else {
      make(
          new RoleBindingBuilder()
              .withNewMetadata()
              .withNamespace(place == Person.Place.OWNER ? owner() : member())
              .withName(name)
              .endMetadata()
              .withNewRoleRef(RBAC, "ClusterRole", role)
              .addNewSubject(RBAC, "User", person.user(), null)
              .build());
    }
  }

  /** As the operator does for every offer, and for one who should not be let at them. */
  private void letAtOffers() {
    make(
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
    make(
        new RoleBindingBuilder()
            .withNewMetadata()
            .withNamespace(owner())
            .withName("offers")
            .endMetadata()
            .withNewRoleRef(RBAC, "Role", "offers")
            .addNewSubject(RBAC, "User", Person.MEMBER.user(), null)
            .addNewSubject(RBAC, "User", Person.MEMBER_VIEWER.user(), null)
            .build());
  }

  private void awaitRoles() {
    ResourceAttributes offer = may("patch", "imagemembers", owner());
    offer.setName(offer(0));
    awaitAllowed(Person.VIEWER, may("list", "images", owner()));
    awaitAllowed(Person.EDITOR, may("communitize", "images", owner()));
    awaitAllowed(Person.ADMIN, may("publicize", "images", owner()));
    awaitAllowed(Person.MEMBER_VIEWER, may("list", "images", member()));
    awaitAllowed(Person.MEMBER_VIEWER, offer);
    awaitAllowed(Person.MEMBER, may("create", "images", member()));
    awaitAllowed(Person.MEMBER, offer);
    awaitAllowed(Person.BOTH, may("create", "images", owner()));
    awaitAllowed(Person.BOTH, may("create", "images", member()));
    awaitAllowed(Person.STRONGMAN, may("create", "images", owner()));
    awaitAllowed(Person.OPERATOR, may("operate", "images", null));
    awaitAllowed(Person.CLUSTER_ADMIN, may("operate", "images", null));
    awaitAllowed(Person.STRANGER, may("list", "publicimages", null));
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

  private void awaitAllowed(Person person, ResourceAttributes what) {
    Tenant.awaiting(person + " may " + what.getVerb() + " " + what.getResource())
        .until(() -> allows(person, what));
  }

  /** A policy is in force a while after it was made; each is asked for something it refuses. */
  private void awaitPolicies() throws IOException {
    List<PolicyCase> probes =
        PolicyCase.read().stream().filter(probe -> !probe.refused().isEmpty()).toList();
    for (HasMetadata policy : manifests(root, "policies")) {
      if (policy instanceof ValidatingAdmissionPolicy) {
        String name = policy.getMetadata().getName();
        PolicyCase probe =
            probes.stream().filter(p -> p.policy().equals(name)).findFirst().orElseThrow();
        Tenant.awaiting(name + " is in force")
            .until(() -> answer(probe), answer -> answer.contains("ValidatingAdmissionPolicy"));
      }
    }
  }

  /** What the API server says to somebody who is to be refused. */
  private String answer(PolicyCase probe) {
    Deed deed = new Deed(this, probe, nextName());
    try {
      deed.prepare();
      deed.attempt(probe.refused().get(0));
      return "nothing";
    } catch (KubernetesClientException e) {
      return e.getMessage();
    } finally {
      deed.undo();
    }
  }

  private void make(HasMetadata object) {
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
