package dev.darkroom.e2e.scenario.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Injects the API server of the class's {@link ServerKind}, one server per process; skips the test
 * if this machine has none. Prints a report at the end of the process.
 */
public final class OnEveryServer implements BeforeEachCallback, AfterEachCallback {

  /** A test that runs on an API server. */
  public interface Guest {

    /** The kind of server. */
    ServerKind kind();

    /** Receives the server, before all other callbacks. */
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
    return context
        .getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .getOrComputeIfAbsent(Clusters.class);
  }
}
