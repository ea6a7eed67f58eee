package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.controller.leader.LeaseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class LeaseOptionsTest {

  private static final Map<String, String> POD =
      Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "HOSTNAME", "darkroom-7d9f");

  @Command
  private static final class Options {
    @Mixin private LeaseOptions lease = new LeaseOptions();
  }

  private static Optional<LeaseSettings> settings(
      Optional<Path> kubeconfig, Map<String, String> environment, String... arguments) {
    Options options = new Options();
    CommandLine.ParseResult unused = new CommandLine(options).parseArgs(arguments);
    return options.lease.settings("system", kubeconfig, environment);
  }

  @Test
  void inAPodTheLeaseIsInTheOperatorsNamespace() {
    LeaseSettings lease = settings(Optional.empty(), POD).orElseThrow();

    assertThat(lease.namespace()).isEqualTo("system");
    assertThat(lease.name()).isEqualTo("darkroom-operator");
    assertThat(lease.duration()).isEqualTo(Duration.ofSeconds(15));
    assertThat(lease.identity()).startsWith("darkroom-7d9f_");
    assertThat(settings(Optional.empty(), POD).orElseThrow().identity())
        .as("identity of another process")
        .isNotEqualTo(lease.identity());
  }

  @Test
  void outsideAPodThereIsNoElectionByDefault() {
    assertThat(settings(Optional.empty(), Map.of())).isEmpty();
    assertThat(settings(Optional.of(Path.of("kubeconfig")), POD)).isEmpty();
    assertThat(settings(Optional.empty(), POD, "--leader-election=OFF")).isEmpty();
    assertThat(settings(Optional.empty(), Map.of(), "--leader-election=ON")).isPresent();
  }

  @Test
  void nameAndNamespaceOfTheLeaseCanBeSet() {
    LeaseSettings lease =
        settings(
                Optional.empty(),
                POD,
                "--lease-namespace=elsewhere",
                "--lease-name=mine",
                "--lease-duration=PT1M")
            .orElseThrow();

    assertThat(lease.namespace()).isEqualTo("elsewhere");
    assertThat(lease.name()).isEqualTo("mine");
    assertThat(lease.duration()).isEqualTo(Duration.ofMinutes(1));
  }
}
