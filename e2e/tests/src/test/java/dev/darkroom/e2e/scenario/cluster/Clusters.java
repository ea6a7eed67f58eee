package dev.darkroom.e2e.scenario.cluster;

import dev.darkroom.cli.LogOptions;
import dev.darkroom.e2e.RepositoryFiles;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The API servers of one test process, each started on first use. */
final class Clusters implements AutoCloseable {

  private static final Path CRDS = RepositoryFiles.ROOT.resolve("crds");
  private static final Path WORK =
      Path.of(System.getProperty("test.directory", "target/tests/1"), "scenario").toAbsolutePath();

  private final Map<ServerKind, Optional<ClusterUnderTest>> started =
      new EnumMap<>(ServerKind.class);
  private final Map<ServerKind, IllegalStateException> failed = new EnumMap<>(ServerKind.class);
  private final RunReport tally = new RunReport();

  /** Redirects the log to a file. */
  Clusters() {
    LogOptions.toFile(WORK.resolve("scenario.log"));
  }

  /** Empty if this machine has no such server. */
  synchronized Optional<ClusterUnderTest> get(ServerKind kind) {
    if (failed.containsKey(kind)) {
      throw failed.get(kind);
    }
    return started.computeIfAbsent(kind, this::start);
  }

  RunReport tally() {
    return tally;
  }

  private Optional<ClusterUnderTest> start(ServerKind kind) {
    try {
      Path directory = emptied(WORK.resolve(kind.name().toLowerCase(Locale.ROOT)));
      Optional<ClusterUnderTest> cluster = Optional.empty();
      if (kind == ServerKind.EMBEDDED) {
        cluster = Optional.of(EmbeddedCluster.start(directory));
      } else if (ControlPlaneBinaries.find().isPresent()) {
        cluster = Optional.of(RealCluster.start(ControlPlaneBinaries.find().get(), directory));
      }
      if (cluster.isPresent()) {
        installCrds(cluster.get().client());
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      IllegalStateException failure = new IllegalStateException(kind + " did not start", e);
      failed.put(kind, failure);
      throw failure;
    }
  }

  private static void installCrds(KubernetesClient client) throws IOException {
    try (Stream<Path> files = Files.list(CRDS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        CustomResourceDefinition crd =
            Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class);
        // A create would fail if the client repeats it after a slow response; apply is idempotent.
        client.resource(crd).forceConflicts().serverSideApply();
        client.resource(crd).waitUntilCondition(Clusters::isServed, 30, TimeUnit.SECONDS);
      }
    }
  }

  private static boolean isServed(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  private static Path emptied(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> old = Files.walk(directory)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(directory);
  }

  @Override
  public void close() {
    started.values().stream().flatMap(Optional::stream).forEach(ClusterUnderTest::close);
    Map<ServerKind, String> names = new EnumMap<>(ServerKind.class);
    for (ServerKind kind : ServerKind.values()) {
      names.put(
          kind,
          started
              .getOrDefault(kind, Optional.empty())
              .map(ClusterUnderTest::description)
              .orElse("no " + kind + " server"));
    }
    try {
      String report = tally.report(names);
      System.out.print(report);
      Files.writeString(WORK.resolve("report.txt"), report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
