package dev.darkroom.e2e.scenario.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory of a real control plane: the newest version below {@code $KUBE_API_TEST_DIR/k8s}
 * (default {@code ~/.kubeapitest/k8s}), where fabric8's kube-api-test installs {@code
 * VERSION-OS-ARCHITECTURE}.
 *
 * @param directory the directory with the programs
 */
public record ControlPlaneBinaries(Path directory) {

  /** The reason for skipped tests. */
  static final String MISSING =
      "no etcd, kube-apiserver and kube-controller-manager in " + home() + "/<version>/";

  /** The newest complete version. */
  public static Optional<ControlPlaneBinaries> find() {
    if (!Files.isDirectory(home())) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(home())) {
      return versions
          .map(ControlPlaneBinaries::new)
          .filter(ControlPlaneBinaries::complete)
          .max(Comparator.comparing(ControlPlaneBinaries::version, Arrays::compare));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kubectl of that version, or the one on the path. */
  public static Optional<Path> kubectl() {
    Stream<Path> beside = find().stream().map(found -> found.program("kubectl"));
    Stream<Path> onPath =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
            .map(entry -> Path.of(entry, "kubectl"));
    return Stream.concat(beside, onPath).filter(Files::isExecutable).findFirst();
  }

  Path program(String name) {
    return directory.resolve(name);
  }

  /** The version without operating system and architecture. */
  String versionText() {
    return directory.getFileName().toString().split("-", 2)[0];
  }

  private int[] version() {
    return Arrays.stream(versionText().split("\\D+"))
        .filter(number -> !number.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private boolean complete() {
    return Stream.of("etcd", "kube-apiserver", "kube-controller-manager")
        .map(this::program)
        .allMatch(Files::isExecutable);
  }

  private static Path home() {
    String configured = System.getenv("KUBE_API_TEST_DIR");
    return (configured == null
            ? Path.of(System.getProperty("user.home"), ".kubeapitest")
            : Path.of(configured))
        .resolve("k8s");
  }
}
