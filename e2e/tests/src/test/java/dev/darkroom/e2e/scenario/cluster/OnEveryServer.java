package dev.darkroom.e2e.scenario.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test the API server that its class was invoked for, one for the whole run, and skips
 * it where this machine has none. At the end of the run it prints what ran where.
 */
public final class OnEveryServer implements BeforeEachCallback, AfterEachCallback {

  /** A test that runs on an API server. */
  public interface Guest {

    /** Which one it wants. */
    ServerKind kind();

    /** Is told before everything else. */
    void welcome(ClusterUnderTest cluster);
  }

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(OnEveryServer.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    Guest guest = (Guest) context.getRequiredTestInstance();
    var cluster = clusters(context).get(guest.kind());
    assumeTrue(cluster.isPresent(), ControlPlaneBinaries.MISSING);
    guest.welcome(cluster.get());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Guest guest = (Guest) context.getRequiredTestInstance();
    clusters(context)
        .tally()
        .count(
            guest.kind(),
            context.getRequiredTestClass().getSimpleName()
                + "."
                + context.getRequiredTestMethod().getName(),
            context.getExecutionException());
  }

  private static Clusters clusters(ExtensionContext context) {
    return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Clusters.class);
  }
}
