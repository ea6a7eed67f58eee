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
 * The real kubectl, at work in one namespace.
 *
 * @param program where it is
 * @param kubeconfig where the cluster is
 * @param namespace that it works in
 */
record Kubectl(Path program, Path kubeconfig, String namespace) {

  /** Skips the test where there is none. */
  static Kubectl find(Path kubeconfig, String namespace) {
    Optional<Path> program = ControlPlaneBinaries.kubectl();
    assumeTrue(program.isPresent(), "no kubectl on this machine");
    return new Kubectl(program.get(), kubeconfig, namespace);
  }

  /** What it prints when it is content. */
  String run(String... arguments) throws IOException, InterruptedException {
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
