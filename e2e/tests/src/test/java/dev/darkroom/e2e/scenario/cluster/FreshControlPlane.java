package dev.darkroom.e2e.scenario.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A real control plane that nobody else uses, and that knows nothing of Darkroom yet. */
public final class FreshControlPlane {

  private FreshControlPlane() {}

  /**
   * Starts one. The caller closes it.
   *
   * @param directory that is there and empty
   * @return empty where this machine has no such programs
   */
  public static Optional<ClusterUnderTest> start(Path directory) throws IOException {
    Optional<ControlPlaneBinaries> binaries = ControlPlaneBinaries.find();
    return binaries.isPresent()
        ? Optional.of(RealCluster.start(binaries.get(), directory))
        : Optional.empty();
  }

  /** What is said where there are none. */
  public static String missing() {
    return ControlPlaneBinaries.MISSING;
  }
}
