package dev.darkroom.cli;

import dev.darkroom.api.ImageStore;
import dev.darkroom.controller.ImageOperator;
import dev.darkroom.controller.Observers;
import dev.darkroom.controller.OperatorElection;
import dev.darkroom.controller.leader.LeaseSettings;
import dev.darkroom.controller.leader.OperatorHandle;
import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.controller.support.StoreFigures;
import dev.darkroom.observe.Telemetry;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the operator until SIGTERM or SIGINT. */
@Command(
    name = "operator",
    description = "Run the operator against a cluster, until SIGTERM or SIGINT.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class OperatorCommand implements Callable<Integer> {

  private static final OperatorSettings DEFAULTS = OperatorSettings.defaults();
  private static final int MAX_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--namespaces",
      paramLabel = "NAMESPACE",
      split = ",",
      description = "Namespaces to reconcile. Default: all.")
  private Set<String> namespaces = Set.of();

  @Option(
      names = "--operator-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "${env:POD_NAMESPACE:-darkroom-system}",
      description =
          "Namespace of the Secrets and ConfigMaps of stores. Default: the environment's"
              + " POD_NAMESPACE, or darkroom-system.")
  private String operatorNamespace;

  @Option(
      names = "--progress-interval",
      paramLabel = "DURATION",
      description = "Shortest time between two writes of progress, ISO 8601. Default: PT2S.")
  private Duration progressInterval = DEFAULTS.progressInterval();

  @Option(
      names = "--probe-interval",
      paramLabel = "DURATION",
      description = "Time between two probes of a store, ISO 8601. Default: PT1M.")
  private Duration probeInterval = DEFAULTS.probeInterval();

  @Option(
      names = "--delete-timeout",
      paramLabel = "DURATION",
      description =
          "How long a deletion waits for a store that does not answer; then the copy is left in the"
              + " store. ISO 8601. Default: PT5M.")
  private Duration deleteTimeout = DEFAULTS.deleteTimeout();

  @Option(
      names = "--shutdown-timeout",
      paramLabel = "DURATION",
      description = "How long a shutdown waits for transfers to stop, ISO 8601. Default: PT20S.")
  private Duration shutdownTimeout = DEFAULTS.shutdownTimeout();

  @Option(
      names = "--health-port",
      paramLabel = "PORT",
      description = "Port of /livez, /readyz and /metrics; 0 for any free port. Default: 8080.")
  private int healthPort = 8080;

  @Option(
      names = "--trace-collector",
      paramLabel = "URL",
      defaultValue = "${env:OTEL_EXPORTER_OTLP_ENDPOINT}",
      description =
          "Base URL of an OpenTelemetry collector (OTLP over HTTP) for a trace of every import."
              + " Default: the environment's OTEL_EXPORTER_OTLP_ENDPOINT; without it, no traces.")
  private String traceCollector;

  @Mixin private CapacityOptions capacity = new CapacityOptions();

  @Mixin private LeaseOptions lease = new LeaseOptions();

  @Mixin private DeliveryOptions delivery = new DeliveryOptions();

  @Mixin private SourcePolicyOptions sources = new SourcePolicyOptions();

  @Mixin private LogOptions logs = new LogOptions();

  @Override
  public Integer call() throws Exception {
    check();
    OperatorSettings settings = settings();
    Optional<LeaseSettings> leaseSettings =
        lease.settings(operatorNamespace, cluster.kubeconfig(), System.getenv());
    logs.apply();
    AtomicReference<OperatorHandle> started = new AtomicReference<>();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    AtomicInteger exitCode = new AtomicInteger(CommandLine.ExitCode.SOFTWARE);
    // Health first: the kubelet probes while the caches fill.
    try (Telemetry telemetry = telemetry();
        HealthServer health =
            HealthServer.start(
                healthPort,
                () -> isReady(started.get()),
                () -> telemetry.scrape(() -> inventory(started.get())));
        KubernetesClient client = cluster.connect(ImageStore.class);
        OperatorHandle running = start(client, settings, leaseSettings, telemetry.observers())) {
      started.set(running);
      spec.commandLine().getErr().println("darkroom: health on port " + health.port());
      // The hook keeps the process until this block has closed its resources.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stopAndExit(stop, stopped, exitCode), "shutdown"));
      stop.await();
      exitCode.set(CommandLine.ExitCode.OK);
    } finally {
      stopped.countDown();
    }
    return exitCode.get();
  }

  /**
   * Starts the operator.
   *
   * @param lease of the leader election; empty to work at once
   */
  private static OperatorHandle start(
      KubernetesClient client,
      OperatorSettings settings,
      Optional<LeaseSettings> lease,
      Observers observers) {
    if (lease.isEmpty()) {
      return ImageOperator.start(client, settings, observers);
    }
    return OperatorElection.campaign(
        client,
        settings,
        observers,
        lease.get(),
        () -> Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE));
  }

  private static boolean isReady(OperatorHandle running) {
    return running != null && running.isReady();
  }

  private static Collection<StoreFigures> inventory(OperatorHandle running) {
    return running == null ? List.of() : running.inventory();
  }

  private Telemetry telemetry() {
    try {
      return Telemetry.start(Optional.ofNullable(traceCollector).filter(url -> !url.isBlank()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--trace-collector: " + e.getMessage(), e);
    }
  }

  /** Checks the bounds of the options. */
  private void check() {
    require(
        healthPort >= 0 && healthPort <= MAX_PORT, "--health-port must be a port from 0 to 65535");
    require(isPositive(progressInterval), "--progress-interval must be more than zero");
    require(isPositive(probeInterval), "--probe-interval must be more than zero");
    require(!deleteTimeout.isNegative(), "--delete-timeout must not be negative");
    require(!shutdownTimeout.isNegative(), "--shutdown-timeout must not be negative");
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private void require(boolean met, String sentence) {
    if (!met) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }

  /** Exits with the code of the command: without this, the exit code would be of the signal. */
  private static void stopAndExit(
      CountDownLatch stop, CountDownLatch stopped, AtomicInteger exitCode) {
    stop.countDown();
    try {
      stopped.await();
      Runtime.getRuntime().halt(exitCode.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private OperatorSettings settings() {
    return delivery
        .apply(capacity.apply(OperatorSettingsBuilder.builder(DEFAULTS)))
        .namespaces(namespaces)
        .operatorNamespace(operatorNamespace)
        .progressInterval(progressInterval)
        .probeInterval(probeInterval)
        .deleteTimeout(deleteTimeout)
        .shutdownTimeout(shutdownTimeout)
        .addressPolicy(sources.policy())
        .build();
  }
}
