package dev.darkroom.e2e.apiserver;

import static dev.darkroom.e2e.apiserver.Widgets.path;
import static dev.darkroom.e2e.apiserver.Widgets.widget;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A small operator with the defaults of the Java Operator SDK: writes finalizer and status by
 * server-side apply, and elects one leader by a Lease.
 */
class OperatorSdkTest extends OnApiServer {
  private final Painter painter = new Painter();
  private KubernetesClient client;
  private Operator operator;

  @BeforeAll
  void startOperator() {
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.kubeconfig()))
            .build();
    operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("painter")
                            .withLeaseNamespace("default")
                            .withIdentity("painter-1")
                            .withExitOnStopLeading(false)
                            .build()));
    operator.register(painter);
    operator.start();
  }

  @AfterAll
  void stopOperator() {
    operator.stop();
    client.close();
  }

  @Test
  void leadsByALease() {
    await()
        .untilAsserted(
            () -> {
              Lease lease = client.leases().inNamespace("default").withName("painter").get();
              assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("painter-1");
            });
  }

  @Test
  void reconcilesStatusAndCleansUpByServerSideApply() {
    calls.post(Widgets.PATH, widget("painted"));

    await().until(() -> calls.get(path("painted")).body().at("/status/phase").asText().equals("7"));
    assertThat(calls.get(path("painted")).body().at("/metadata/finalizers/0").asText())
        .isEqualTo("example.dev/paint");
    assertThat(calls.get(path("painted")).body().at("/metadata/managedFields").toString())
        .contains("\"operation\":\"Apply\"");

    calls.merge(path("painted"), "{\"spec\":{\"size\":8}}");
    await().until(() -> calls.get(path("painted")).body().at("/status/phase").asText().equals("8"));

    calls.delete(path("painted"));
    await().until(() -> calls.get(path("painted")).code() == 404);
    assertThat(painter.cleanedUp).hasValue(1);
  }

  /** The kind with the fields that the operator uses. */
  @Group("example.dev")
  @Version("v1")
  public static final class Widget extends CustomResource<Spec, Status> implements Namespaced {
    private static final long serialVersionUID = 1L;
  }

  /** The spec, which the operator reads. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(int size) {}

  /** The status, which the operator writes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Status(String phase) {}

  /** Copies the size into the status. */
  @ControllerConfiguration(finalizerName = "example.dev/paint")
  public static final class Painter implements Reconciler<Widget>, Cleaner<Widget> {
    private final AtomicInteger cleanedUp = new AtomicInteger();

    @Override
    public UpdateControl<Widget> reconcile(Widget widget, Context<Widget> context) {
      Widget patch = new Widget();
      patch.getMetadata().setName(widget.getMetadata().getName());
      patch.getMetadata().setNamespace(widget.getMetadata().getNamespace());
      patch.setStatus(new Status(Integer.toString(widget.getSpec().size())));
      return UpdateControl.patchStatus(patch);
    }

    @Override
    public DeleteControl cleanup(Widget widget, Context<Widget> context) {
      cleanedUp.incrementAndGet();
      return DeleteControl.defaultDelete();
    }
  }
}
