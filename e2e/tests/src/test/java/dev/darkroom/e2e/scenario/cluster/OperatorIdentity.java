package dev.darkroom.e2e.scenario.cluster;

import dev.darkroom.e2e.RepositoryFiles;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The identity of the operator in the chart: a ServiceAccount with the chart's roles. The embedded
 * server does not authenticate; there the identity has no effect.
 */
public final class OperatorIdentity {

  /** The file with the operator's roles. */
  public static final Path ROLES =
      RepositoryFiles.ROOT.resolve("helm/darkroom/roles/operator.yaml");

  private static final String NAMESPACE = "darkroom-system";
  private static final String NAME = "scenario-operator";

  /** The user name of its ServiceAccount. */
  public static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + NAME;

  private static final Duration LIFE = Duration.ofHours(12);

  private OperatorIdentity() {}

  /** The kubeconfig of the ServiceAccount, created on first use. */
  public static Path kubeconfig(ClusterUnderTest cluster, ServerKind kind) {
    if (kind != ServerKind.REAL) {
      return cluster.kubeconfig();
    }
    Path made = cluster.kubeconfig().resolveSibling("kubeconfig-operator");
    synchronized (OperatorIdentity.class) {
      try {
        return Files.exists(made) ? made : make(cluster, made);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Path make(ClusterUnderTest cluster, Path file) throws IOException {
    bind(cluster.client());
    String token = token(cluster.client(), NAMESPACE, NAME);
    return Files.writeString(
        file, Files.readString(cluster.kubeconfig()).replaceFirst("token: .*", "token: " + token));
  }

  /** A token of a ServiceAccount, with a lifetime of 12 h. */
  public static String token(KubernetesClient client, String namespace, String name) {
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(name)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(LIFE.toSeconds())
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  private static void bind(KubernetesClient client) throws IOException {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .serverSideApply();
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build())
        .create();
    try (var roles = Files.newInputStream(ROLES)) {
      for (HasMetadata role : client.load(roles).items()) {
        role.getMetadata().setName(NAME);
        if (role instanceof Role namespaced) {
          client.resource(namespaced).inNamespace(NAMESPACE).create();
          client
              .resource(
                  new RoleBindingBuilder()
                      .withNewMetadata()
                      .withName(NAME)
                      .withNamespace(NAMESPACE)
                      .endMetadata()
                      .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
                      .addNewSubject("", "ServiceAccount", NAME, NAMESPACE)
                      .build())
              .create();
        } else if (role instanceof ClusterRole) {
          client.resource(role).create();
          client
              .resource(
                  new ClusterRoleBindingBuilder()
                      .withNewMetadata()
                      .withName(NAME)
                      .endMetadata()
                      .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", NAME)
                      .addNewSubject("", "ServiceAccount", NAME, NAMESPACE)
                      .build())
              .create();
        } else {
          throw new IllegalStateException(ROLES + " contains an unexpected " + role.getKind());
        }
      }
    }
  }
}
