package dev.darkroom.e2e.scenario.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.UpgradeCommand;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code helm} command line, executed by Helm's library, because build machines lack the program.
 * Unknown options are errors.
 */
final class HelmCommand {

  private final List<String> words = new ArrayList<>();
  private final Map<String, String> sets = new HashMap<>();
  private String namespace = "default";
  private Optional<Path> values = Optional.empty();
  private boolean keepsValues;

  private HelmCommand(String line, Path directory) {
    Deque<String> rest = new ArrayDeque<>(List.of(line.split(" ")));
    rest.remove();
    while (!rest.isEmpty()) {
      String word = rest.remove();
      switch (word) {
        case "--namespace" -> namespace = rest.remove();
        case "--values" -> values = Optional.of(directory.resolve(rest.remove()));
        case "--reset-then-reuse-values" -> keepsValues = true;
        case "--set" -> {
          String[] pair = rest.remove().split("=", 2);
          sets.put(pair[0], pair[1]);
        }
        default -> {
          if (word.startsWith("-")) {
            throw new AssertionError("unknown Helm argument: " + word + " of " + line);
          }
          words.add(word);
        }
      }
    }
  }

  /**
   * Executes a command line.
   *
   * @param directory the working directory
   */
  static void run(String line, Path directory, Path kubeconfig) {
    HelmCommand parsed = new HelmCommand(line, directory);
    switch (parsed.words.get(0)) {
      case "install" -> parsed.install(directory, kubeconfig);
      case "upgrade" -> parsed.upgrade(directory, kubeconfig);
      case "uninstall" -> parsed.uninstall(kubeconfig);
      default -> throw new AssertionError("unknown Helm argument: " + line);
    }
  }

  private void install(Path directory, Path kubeconfig) {
    InstallCommand command =
        new Helm(directory.resolve(words.get(2)))
            .install()
            .withName(words.get(1))
            .withNamespace(namespace)
            .withKubeConfig(kubeconfig);
    values.ifPresent(command::withValuesFile);
    sets.forEach(command::set);
    var unused = command.call();
  }

  private void upgrade(Path directory, Path kubeconfig) {
    UpgradeCommand command =
        new Helm(directory.resolve(words.get(2)))
            .upgrade()
            .withName(words.get(1))
            .withNamespace(namespace)
            .withKubeConfig(kubeconfig);
    values.ifPresent(command::withValuesFile);
    sets.forEach(command::set);
    if (keepsValues) {
      command.resetThenReuseValues();
    }
    var unused = command.call();
  }

  private void uninstall(Path kubeconfig) {
    var unused =
        Helm.uninstall(words.get(1)).withNamespace(namespace).withKubeConfig(kubeconfig).call();
  }
}
