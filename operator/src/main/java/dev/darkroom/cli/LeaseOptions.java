package dev.darkroom.cli;

import dev.darkroom.controller.leader.LeaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether several operators agree on which one works, and by what. */
final class LeaseOptions {

  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofMinutes(10);

  /** Who decides. */
  enum Election {
    /** On in a pod that uses its own service account, off elsewhere. */
    AUTO,
    /** Several operators may run. */
    ON,
    /** Nobody else may. */
    OFF
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--leader-election",
      paramLabel = "AUTO|ON|OFF",
      description =
          "Whether this operator works only while it holds a Lease, so that several can run. AUTO:"
              + " in a cluster, unless --kubeconfig is given. Default: AUTO.")
  private Election election = Election.AUTO;

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAMESPACE",
      description = "Where the Lease is. Default: that of --operator-namespace.")
  private String namespace;

  @Option(
      names = "--lease-name",
      paramLabel = "NAME",
      description = "Its name. Default: darkroom-operator.")
  private String name = "darkroom-operator";

  @Option(
      names = "--lease-duration",
      paramLabel = "DURATION",
      description =
          "How long another operator waits for one that does not renew the Lease, before it takes"
              + " over; the first has stopped by then. From PT2S. Default: PT15S.")
  private Duration duration = Duration.ofSeconds(15);

  /**
   * What they say.
   *
   * @param kubeconfig where the cluster is said to be
   * @param environment of this process
   * @return empty when there is no election
   * @throws ParameterException when one is out of bounds
   */
  Optional<LeaseSettings> settings(
      String operatorNamespace, Optional<Path> kubeconfig, Map<String, String> environment) {
    if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
      throw new ParameterException(
          spec.commandLine(), "--lease-duration must be between " + LEAST + " and " + MOST);
    }
    boolean inCluster = kubeconfig.isEmpty() && environment.containsKey("KUBERNETES_SERVICE_HOST");
    if (election == Election.OFF || (election == Election.AUTO && !inCluster)) {
      return Optional.empty();
    }
    return Optional.of(
        new LeaseSettings(
            namespace == null ? operatorNamespace : namespace,
            name,
            environment.getOrDefault("HOSTNAME", "darkroom") + "_" + UUID.randomUUID(),
            duration));
  }
}
