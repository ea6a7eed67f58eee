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

/** Options for leader election. */
final class LeaseOptions {

  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofMinutes(10);

  /** Whether leader election is on. */
  enum Election {
    /** On in a pod with its own service account, off elsewhere. */
    AUTO,
    /** On: several operators may run. */
    ON,
    /** Off: only one operator may run. */
    OFF
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--leader-election",
      paramLabel = "AUTO|ON|OFF",
      description =
          "Leader election: only the Lease holder works, so that several operators can run. AUTO:"
              + " on in a cluster, unless --kubeconfig is set. Default: AUTO.")
  private Election election = Election.AUTO;

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAMESPACE",
      description = "Namespace of the Lease. Default: the value of --operator-namespace.")
  private String namespace;

  @Option(
      names = "--lease-name",
      paramLabel = "NAME",
      description = "Name of the Lease. Default: darkroom-operator.")
  private String name = "darkroom-operator";

  @Option(
      names = "--lease-duration",
      paramLabel = "DURATION",
      description =
          "How long the Lease is valid after its last renewal; then another operator takes over,"
              + " and the first one has stopped. PT2S to PT10M. Default: PT15S.")
  private Duration duration = Duration.ofSeconds(15);

  /**
   * The settings of the leader election.
   *
   * @param kubeconfig the value of --kubeconfig
   * @param environment of this process
   * @return empty without leader election
   * @throws ParameterException when a value is out of bounds
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
