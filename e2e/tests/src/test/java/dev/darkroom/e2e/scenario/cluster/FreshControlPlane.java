package dev.darkroom.e2e.scenario.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A real control plane for one test class, without Darkroom's CRDs. */
public final class FreshControlPlane {

  private FreshControlPlane() {}

  /**
   * Starts a control plane; the caller closes it.
   *
   * @param directory an existing, empty directory
   * @return empty if the programs are not installed
   */
  public static Optional<ClusterUnderTest> start(Path directory) throws IOException {
    Optional<ControlPlaneBinaries> binaries = ControlPlaneBinaries.find();
    return binaries.isPresent()
        ? Optional.of(RealCluster.start(binaries.get(), directory))
        : Optional.empty();
  }

  /** The reason for skipped tests. */
  public static String missing() {
    return ControlPlaneBinaries.MISSING;
  }
}
