package dev.darkroom.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.darkroom.e2e.scenario.cluster.ControlPlaneBinaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs kubectl in one namespace.
 *
 * @param program the path of kubectl
 * @param kubeconfig the kubeconfig of the cluster
 * @param namespace the default namespace
 */
public record KubectlProcess(Path program, Path kubeconfig, String namespace) {

  /** Finds kubectl; skips the test if it is not installed. */
  public static KubectlProcess find(Path kubeconfig, String namespace) {
    Optional<Path> program = ControlPlaneBinaries.kubectl();
    assumeTrue(program.isPresent(), "no kubectl on this machine");
    return new KubectlProcess(program.get(), kubeconfig, namespace);
  }

  /** Runs one command, asserts exit code 0, and returns its output. */
  public String run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(program.toString(), "--kubeconfig=" + kubeconfig, "--namespace=" + namespace));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", arguments) + "\n" + output).isZero();
    return output;
  }
}
