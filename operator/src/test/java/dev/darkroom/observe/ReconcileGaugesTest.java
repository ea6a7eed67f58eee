package dev.darkroom.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Metrics of reconciles over two terms of one process as leader. */
class ReconcileGaugesTest {

  private static final String AT_WORK = "operator_sdk_reconciliations_executions_probe";
  private static final String STARTED = "operator_sdk_reconciliations_started_total";

  private static final ConfigMap OBJECT =
      new ConfigMapBuilder().withNewMetadata().withName("probe").endMetadata().build();

  private static final Map<String, Object> OF_THE_PROBE =
      Map.of(Constants.CONTROLLER_NAME, "probe");

  @Test
  void gaugesAreOfTheLastOperatorAndCountersOfAll() {
    try (Telemetry telemetry = Telemetry.start(Optional.empty());
        KubernetesClient client = new KubernetesClientBuilder().build()) {
      Supplier<Metrics> reconciles = telemetry.observers().reconciles();
      Metrics first = begin(reconciles, client);
      // The operator ends during this reconcile.
      first.reconciliationExecutionStarted(OBJECT, OF_THE_PROBE);
      first.reconcileCustomResource(OBJECT, null, OF_THE_PROBE);
      assertThat(figure(telemetry, AT_WORK)).isEqualTo(1);

      Metrics second = begin(reconciles, client);
      assertThat(figure(telemetry, AT_WORK)).isZero();

      second.reconciliationExecutionStarted(OBJECT, OF_THE_PROBE);
      second.reconcileCustomResource(OBJECT, null, OF_THE_PROBE);
      assertThat(figure(telemetry, AT_WORK)).isEqualTo(1);
      assertThat(figure(telemetry, STARTED)).isEqualTo(2);
    }
  }

  /** An operator with one controller. */
  private static Metrics begin(Supplier<Metrics> reconciles, KubernetesClient client) {
    Metrics metrics = reconciles.get();
    var unused =
        new Operator(settings -> settings.withKubernetesClient(client).withMetrics(metrics))
            .register(new Probe());
    return metrics;
  }

  private static double figure(Telemetry telemetry, String name) {
    return telemetry
        .scrape(List::of)
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ControllerConfiguration(name = "probe")
  private static final class Probe implements Reconciler<ConfigMap> {

    @Override
    public UpdateControl<ConfigMap> reconcile(ConfigMap resource, Context<ConfigMap> context) {
      return UpdateControl.noUpdate();
    }
  }
}
