package dev.darkroom.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster a command works against. */
final class ClusterOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the cluster is. Default: the environment's KUBECONFIG, ~/.kube/config, or the"
              + " service account of the pod.")
  private Path kubeconfig;

  /** The file that was given. */
  Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  /**
   * Connects. The caller closes the client.
   *
   * @param asked the kind that the first question is about: one that the command reads anyway
   * @throws CommandException as {@link ApiServerCheck#connect} says
   */
  KubernetesClient connect(Class<? extends HasMetadata> asked) throws CommandException {
    return ApiServerCheck.connect(kubeconfig(), asked);
  }
}
