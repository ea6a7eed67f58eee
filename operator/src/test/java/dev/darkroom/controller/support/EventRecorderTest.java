package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.darkroom.api.Image;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import dev.darkroom.controller.support.EventRecorder.Severity;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventRecorderTest {

  private static final String EVENTS = "/api/v1/namespaces/lab/events";

  private final TestClock clock = new TestClock("2026-11-22T10:00:00.789Z");
  private final MockCluster cluster = new MockCluster();
  private final EventRecorder recorder = new EventRecorder(cluster.client(), clock);
  private final Image ubuntu = image("ubuntu");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void anEventNamesItsObject() {
    recorder.record(ubuntu, Severity.WARNING, "UnsafeImage", "It names other files.");

    Event event = only(cluster.events("lab"));
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("UnsafeImage");
    assertThat(event.getMessage()).isEqualTo("It names other files.");
    assertThat(event.getCount()).isEqualTo(1);
    assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(event.getLastTimestamp()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(event.getSource().getComponent()).isEqualTo("darkroom");
    assertThat(event.getReportingComponent()).isEqualTo("darkroom");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("darkroom.dev/v1alpha1");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Image");
    assertThat(event.getInvolvedObject().getNamespace()).isEqualTo("lab");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("ubuntu");
    assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-of-ubuntu");
  }

  @Test
  void aRepeatedEventIncreasesTheCount() {
    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "No room.");
    clock.advance(Duration.ofMinutes(1));
    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "No room.");
    clock.advance(Duration.ofMinutes(1));
    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "No room.");

    Event event = only(cluster.events("lab"));
    assertThat(event.getCount()).isEqualTo(3);
    assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(event.getLastTimestamp()).isEqualTo("2026-11-22T10:02:00Z");
  }

  @Test
  void aRecorderInTheNextProcessIncreasesTheSameCount() {
    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "No room.");

    new EventRecorder(cluster.client(), clock)
        .record(image("ubuntu"), Severity.WARNING, "StoreFull", "No room.");

    assertThat(only(cluster.events("lab")).getCount()).isEqualTo(2);
  }

  @Test
  void aDifferenceInAnyFieldIsAnotherEvent() {
    Image again = image("ubuntu");
    again.getMetadata().setUid("another-uid");

    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "No room.");
    recorder.record(ubuntu, Severity.WARNING, "StoreFull", "Still no room.");
    recorder.record(ubuntu, Severity.WARNING, "StoreReadOnly", "No room.");
    recorder.record(ubuntu, Severity.NORMAL, "StoreFull", "No room.");
    recorder.record(again, Severity.WARNING, "StoreFull", "No room.");
    recorder.record(image("debian"), Severity.WARNING, "StoreFull", "No room.");

    assertThat(cluster.events("lab")).hasSize(6).extracting(Event::getCount).containsOnly(1);
  }

  @Test
  void eventsOfClusterScopedObjectsAreInTheNamespaceDefault() {
    recorder.record(store("fast", Path.of("/srv")), Severity.NORMAL, "Probed", "It works.");

    Event event = only(cluster.events("default"));
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("ImageStore");
    assertThat(event.getInvolvedObject().getName()).isEqualTo("fast");
    assertThat(event.getInvolvedObject().getNamespace()).isNull();
  }

  @Test
  void aLongMessageIsCutToTheMaximum() {
    recorder.record(ubuntu, Severity.NORMAL, "Probed", "x".repeat(5000));
    recorder.record(ubuntu, Severity.NORMAL, "Probed", "x".repeat(5000));

    Event event = only(cluster.events("lab"));
    assertThat(event.getMessage()).hasSize(1024);
    assertThat(event.getCount()).isEqualTo(2);
  }

  @Test
  void anObjectWithTheLongestNameHasEvents() {
    for (String name : List.of("a".repeat(253), "b".repeat(233) + "." + "c".repeat(19))) {
      recorder.record(image(name), Severity.NORMAL, "Probed", "It works.");
    }

    assertThat(cluster.events("lab"))
        .extracting(event -> event.getMetadata().getName())
        .hasSize(2)
        .allSatisfy(
            name ->
                assertThat(name)
                    .hasSizeLessThanOrEqualTo(253)
                    .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"));
  }

  @Test
  void aRefusedEventIsIgnored() {
    cluster
        .server()
        .expect()
        .post()
        .withPath(EVENTS)
        .andReturn(403, new StatusBuilder().withCode(403).withMessage("terminating").build())
        .once();

    assertThatCode(() -> recorder.record(ubuntu, Severity.NORMAL, "Probed", "It works."))
        .doesNotThrowAnyException();
    assertThat(cluster.events("lab")).isEmpty();

    recorder.record(ubuntu, Severity.NORMAL, "Probed", "It works.");
    assertThat(cluster.events("lab")).hasSize(1);
  }

  @Test
  void anEventThatExpiresBeforeItsCountIsIgnored() {
    recorder.record(ubuntu, Severity.NORMAL, "Probed", "It works.");
    Event event = only(cluster.events("lab"));
    cluster.client().resource(event).delete();
    cluster
        .server()
        .expect()
        .get()
        .withPath(EVENTS + "/" + event.getMetadata().getName())
        .andReturn(200, event)
        .once();

    assertThatCode(() -> recorder.record(ubuntu, Severity.NORMAL, "Probed", "It works."))
        .doesNotThrowAnyException();
  }

  @Test
  void anUnreachableApiServerIsIgnored() {
    try (KubernetesClient away =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(cluster.client().getConfiguration())
                    .withMasterUrl("http://127.0.0.1:1")
                    .build())
            .build()) {
      EventRecorder unreachable = new EventRecorder(away, clock);

      assertThatCode(() -> unreachable.record(ubuntu, Severity.NORMAL, "Probed", "It works."))
          .doesNotThrowAnyException();
    }
  }

  private static Event only(List<Event> events) {
    assertThat(events).hasSize(1);
    return events.get(0);
  }
}
