package dev.darkroom.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option for the cluster of a command. */
final class ClusterOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Kubeconfig of the cluster. Default: the environment's KUBECONFIG, ~/.kube/config, or"
              + " the service account of the pod.")
  private Path kubeconfig;

  /** The file; empty without the option. */
  Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  /**
   * Connects. The caller closes the client.
   *
   * @param kind the kind that the first request lists: one that the command reads
   * @throws CommandException as {@link ApiServerCheck#connect} says
   */
  KubernetesClient connect(Class<? extends HasMetadata> kind) throws CommandException {
    return ApiServerCheck.connect(kubeconfig(), kind);
  }
}
