package dev.darkroom.e2e.scenario.sharing;

import static dev.darkroom.e2e.scenario.ConditionPredicates.resting;
import static dev.darkroom.e2e.scenario.ConditionPredicates.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.MemberCounts;
import dev.darkroom.api.Visibility;
import dev.darkroom.controller.Observers;
import dev.darkroom.controller.image.ScrubObserver;
import dev.darkroom.e2e.scenario.ImportScenario;
import dev.darkroom.e2e.scenario.Parallel;
import dev.darkroom.e2e.scenario.RequestLog;
import dev.darkroom.e2e.scenario.Tenant;
import dev.darkroom.transfer.model.TransferObserver;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many images with ten members each: an idle operator writes nothing, and a change of one image
 * writes only its own objects. System property {@code darkroom.scale.images}: the number of images.
 */
class SharingScaleTest extends ImportScenario {

  private static final int IMAGES = Integer.getInteger("darkroom.scale.images", 50);
  private static final int MEMBERS = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(60 + IMAGES);
  private static final Duration IDLE = Duration.ofSeconds(2);

  private final List<Tenant> others = new ArrayList<>();
  private final RequestLog log = new RequestLog();

  @Override
  protected void listen(HttpClient.Builder http) {
    http.addOrReplaceInterceptor("deeds", log);
  }

  @Override
  protected Observers observers() {
    return new Observers(TransferObserver.none(), ScrubObserver.none(), () -> log);
  }

  @BeforeEach
  void shareManyImages() {
    IntStream.range(0, MEMBERS).forEach(i -> others.add(Tenant.create(cluster.client())));
    Parallel.forEach(
        IntStream.range(0, IMAGES).mapToObj(SharingScaleTest::name).toList(), this::share);
    awaitIdle();
    assertThat(all(ImageMember.class)).hasSize(IMAGES * MEMBERS).allMatch(resting("Offered"));
    assertThat(all(Image.class)).hasSize(IMAGES).allMatch(offered());
    assertThat(all(RoleBinding.class))
        .hasSize(IMAGES)
        .allMatch(binding -> binding.getSubjects().size() == MEMBERS);
  }

  private void share(String name) {
    tenant.createImage(name, ImageSpecBuilder.builder().visibility(Visibility.SHARED).build());
    for (Tenant other : others) {
      tenant.createMember(
          name + "-" + other.namespace(), ImageMemberSpec.offer(name, other.namespace()));
    }
  }

  @AfterEach
  void removeOthers() {
    // Stop first: otherwise the operator writes objects that are being removed.
    stopOperator();
    others.forEach(Tenant::close);
  }

  @Test
  void changeWritesOnlyTheObjectsOfItsImage() {
    stopOperator();
    // The operator reconciles all objects after its start.
    log.clear();
    startOperator(settings());
    awaitIdle();
    assertThat(log.writes()).isEmpty();

    String one = name(IMAGES / 2);
    tenant.change(one, spec -> spec.visibility(Visibility.COMMUNITY));
    tenant.await(
        RoleBinding.class,
        "darkroom-image-" + one,
        that("with one subject", binding -> binding.getSubjects().size() == 1));
    awaitIdle();

    assertThat(log.writes())
        .anyMatch(write -> write.contains("/images/" + one + "/status"))
        .anyMatch(write -> write.contains("/imagemembers/" + one))
        .allMatch(write -> write.contains("/namespaces/" + tenant.namespace() + "/"))
        .allMatch(write -> write.contains(one));
  }

  private void awaitIdle() {
    Tenant.awaiting("an idle operator").atMost(TIMEOUT).until(() -> log.isIdleFor(IDLE));
  }

  private <R extends HasMetadata> List<R> all(Class<R> kind) {
    KubernetesClient client = cluster.client();
    return client.resources(kind).inNamespace(tenant.namespace()).list().getItems();
  }

  private static Predicate<Image> offered() {
    MemberCounts all = new MemberCounts(MEMBERS, 0, 0);
    return that("offered to all", image -> all.equals(image.getStatus().members()));
  }

  private static String name(int number) {
    return "img%04d".formatted(number);
  }
}
