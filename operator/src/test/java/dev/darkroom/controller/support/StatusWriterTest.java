package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.NAMESPACE;
import static dev.darkroom.controller.Fixtures.brief;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageMemberStatus;
import dev.darkroom.controller.MockCluster;
import dev.darkroom.controller.TestClock;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes statuses from a reconciler that runs under the operator framework. */
@Timeout(60)
class StatusWriterTest {

  private static final String NAME = "ubuntu-for-tenant";
  private static final String STATUS_PATH =
      "/apis/darkroom.dev/v1alpha1/namespaces/lab/imagemembers/" + NAME + "/status";

  private final TestClock clock = new TestClock("2026-11-22T10:00:00Z");
  private final MockCluster cluster = new MockCluster();
  private final List<ImageMember> written = new CopyOnWriteArrayList<>();
  private final Scribe scribe = new Scribe();
  private final Operator operator =
      new Operator(
          config -> config.withKubernetesClient(cluster.client()).withCloseClientOnStop(false));

  /** Writes a given status once in each reconcile. */
  @ControllerConfiguration(name = "scribe", generationAwareEventProcessing = false)
  private final class Scribe implements Reconciler<ImageMember> {

    private final StatusWriter<ImageMemberStatus, ImageMember> writer =
        new StatusWriter<>(
            new EventRecorder(cluster.client(), clock),
            ImageMemberStatus::conditions,
            written::add);
    private final List<Optional<ImageMemberStatus>> seen = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> thrown = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<Conditions> next = conditions -> conditions;
    private volatile Runnable meanwhile = () -> {};

    @Override
    public UpdateControl<ImageMember> reconcile(ImageMember member, Context<ImageMember> context) {
      Optional<ImageMemberStatus> before = Optional.ofNullable(member.getStatus());
      Runnable others = meanwhile;
      meanwhile = () -> {};
      others.run();
      try {
        writer.write(
            member,
            new ImageMemberStatus(
                1L,
                null,
                null,
                next.apply(
                        Conditions.after(
                            before.map(ImageMemberStatus::conditions).orElse(List.of()), 1L, clock))
                    .list()),
            context);
      } catch (RuntimeException e) {
        thrown.add(e);
      }
      seen.add(before);
      return UpdateControl.noUpdate();
    }
  }

  @BeforeEach
  void start() {
    operator.register(scribe);
    operator.start();
  }

  @AfterEach
  void close() {
    operator.stop();
    cluster.close();
  }

  @Test
  void aStatusIsWrittenThroughTheSubresourceWithAnEvent() throws InterruptedException {
    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(brief(stored().getStatus().conditions())).containsExactly("Ready=True/Available");
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(1);
    assertThat(written).extracting(ImageMember::getStatus).containsExactly(stored().getStatus());
    assertThat(cluster.events(NAMESPACE))
        .extracting(Event::getType, Event::getReason, Event::getMessage)
        .containsExactly(tuple("Normal", "Available", "It is there."));
  }

  @Test
  void theNextReconcileSeesTheStatusAndWritesNoEqualOne() throws InterruptedException {
    write(conditions -> conditions.ready("Available", "It is there."));
    clock.advance(Duration.ofHours(1));

    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(scribe.seen.get(1)).contains(stored().getStatus());
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(1);
    assertThat(cluster.events(NAMESPACE)).extracting(Event::getCount).containsExactly(1);
  }

  @Test
  void progressIsWrittenWithoutAnEvent() throws InterruptedException {
    write(conditions -> conditions.reconciling("Queued", "It waits."));
    write(conditions -> conditions.reconciling("Validating", "It compares."));

    assertThat(brief(stored().getStatus().conditions())).contains("Ready=False/Validating");
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(2);
    assertThat(cluster.events(NAMESPACE)).isEmpty();
  }

  @Test
  void aChangeOfAnotherConditionIsWrittenWithoutAnEvent() throws InterruptedException {
    write(conditions -> conditions.ready("Available", "It is there."));
    write(conditions -> conditions.setTrue("Verified", "Available", "It is sound."));

    assertThat(brief(stored().getStatus().conditions())).hasSize(2);
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(2);
    assertThat(cluster.events(NAMESPACE)).extracting(Event::getCount).containsExactly(1);
  }

  @Test
  void aFailureIsAWarningEvent() {
    write(conditions -> conditions.reconciling("StoreFull", "No room."));
    write(conditions -> conditions.stalled("UnsafeImage", "It names other files."));
    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(cluster.events(NAMESPACE))
        .extracting(event -> event.getType() + " " + event.getReason())
        .containsExactlyInAnyOrder("Warning StoreFull", "Warning UnsafeImage", "Normal Available");
  }

  @Test
  void aConflictIsRetried() throws InterruptedException {
    answerOnce(409, "the object has been modified");
    scribe.meanwhile = () -> label("changed-by", "another-client");

    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(scribe.thrown).isEmpty();
    assertThat(brief(stored().getStatus().conditions())).containsExactly("Ready=True/Available");
    assertThat(stored().getMetadata().getLabels()).containsEntry("changed-by", "another-client");
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(2);
  }

  @Test
  void aRefusedStatusIsAnErrorOfTheOperator() throws InterruptedException {
    answerOnce(422, "status.phase: Unsupported value");

    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(scribe.thrown)
        .singleElement()
        .isInstanceOf(IllegalStateException.class)
        .asString()
        .contains("the API server refused a status")
        .contains("Unsupported value");
    assertThat(cluster.requests("PUT", STATUS_PATH)).isEqualTo(1);
    assertThat(cluster.events(NAMESPACE)).isEmpty();
  }

  @Test
  void aRefusedEventDoesNotPreventTheStatus() {
    cluster
        .server()
        .expect()
        .post()
        .withPath("/api/v1/namespaces/lab/events")
        .andReturn(403, new StatusBuilder().withCode(403).build())
        .always();

    write(conditions -> conditions.ready("Available", "It is there."));

    assertThat(scribe.thrown).isEmpty();
    assertThat(brief(stored().getStatus().conditions())).containsExactly("Ready=True/Available");
  }

  /** Triggers a reconcile that writes, and waits for its end. */
  private void write(UnaryOperator<Conditions> next) {
    scribe.next = next;
    int before = scribe.seen.size();
    if (before == 0) {
      cluster.client().resource(member()).create();
    } else {
      label("wake", Integer.toString(before));
    }
    await().until(() -> scribe.seen.size() > before);
  }

  private void label(String key, String value) {
    resource()
        .edit(
            member -> {
              member.getMetadata().setLabels(Map.of(key, value));
              return member;
            });
  }

  private ImageMember stored() {
    return resource().get();
  }

  private Resource<ImageMember> resource() {
    return cluster.client().resources(ImageMember.class).inNamespace(NAMESPACE).withName(NAME);
  }

  private void answerOnce(int code, String message) {
    cluster
        .server()
        .expect()
        .put()
        .withPath(STATUS_PATH)
        .andReturn(
            code,
            new StatusBuilder().withStatus("Failure").withCode(code).withMessage(message).build())
        .once();
  }

  private static ImageMember member() {
    ImageMember member = new ImageMember();
    member.setMetadata(new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(NAME).build());
    member.setSpec(ImageMemberSpec.offer("ubuntu", "tenant"));
    return member;
  }
}
