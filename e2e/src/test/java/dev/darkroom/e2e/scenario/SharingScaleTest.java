package dev.darkroom.e2e.scenario;

import static dev.darkroom.e2e.scenario.States.condition;
import static dev.darkroom.e2e.scenario.States.that;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageMemberSpec;
import dev.darkroom.api.ImageSpecBuilder;
import dev.darkroom.api.Visibility;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many images with ten members each: as long as nothing happens nothing is written, and what
 * happens to one image concerns its own objects only. The system property {@code
 * darkroom.scale.images} says how many images; 1000 take minutes.
 */
class SharingScaleTest extends ImportScenario {

  private static final int IMAGES = Integer.getInteger("darkroom.scale.images", 20);
  private static final int MEMBERS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60 + IMAGES);

  private final List<Tenant> others = new ArrayList<>();

  @BeforeEach
  void manyImagesAreShared() {
    IntStream.range(0, MEMBERS).forEach(i -> others.add(Tenant.create(cluster.client())));
    for (int i = 0; i < IMAGES; i++) {
      String name = name(i);
      tenant.createImage(name, ImageSpecBuilder.builder().visibility(Visibility.SHARED).build());
      others.forEach(
          other ->
              tenant.createMember(
                  name + "-" + other.namespace(), ImageMemberSpec.offer(name, other.namespace())));
    }
    Tenant.awaiting("every offer")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                all(ImageMember.class).stream().allMatch(SharingScaleTest::isOffered)
                    && all(Image.class).stream().allMatch(SharingScaleTest::isCounted)
                    && all(RoleBinding.class).stream().filter(SharingScaleTest::isWhole).count()
                        == IMAGES);
  }

  @AfterEach
  void removeOthers() throws Exception {
    stopOperator();
    others.forEach(Tenant::close);
  }

  @Test
  void nothingIsWrittenButWhatAChangeConcerns() {
    Map<String, String> before = versions();
    stopOperator();
    // It looks at everything when it starts; what it makes of this one comes last.
    tenant.createImage("zz", ImageSpecBuilder.builder().visibility(Visibility.COMMUNITY).build());
    startOperator(settings());
    tenant.await(RoleBinding.class, "darkroom-image-zz", that("there", binding -> true));
    awaitQuiet();
    assertThat(changed(before)).allMatch(object -> object.contains("zz"));

    Map<String, String> steady = versions();
    String one = name(IMAGES / 2);
    tenant.change(one, spec -> spec.visibility(Visibility.COMMUNITY));
    tenant.await(
        RoleBinding.class,
        "darkroom-image-" + one,
        that("for everybody", binding -> binding.getSubjects().size() == 1));
    awaitQuiet();

    assertThat(changed(steady)).isNotEmpty().allMatch(object -> object.contains(one));
  }

  /** Until two looks a while apart see the same. */
  private void awaitQuiet() {
    List<Map<String, String>> looks = new ArrayList<>(List.of(Map.of()));
    Tenant.awaiting("nothing more to happen")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              looks.add(versions());
              return looks.get(looks.size() - 1).equals(looks.get(looks.size() - 2));
            });
  }

  private Set<String> changed(Map<String, String> before) {
    Map<String, String> now = versions();
    Set<String> names = new TreeSet<>();
    Stream.concat(before.keySet().stream(), now.keySet().stream())
        .filter(object -> !String.valueOf(before.get(object)).equals(now.get(object)))
        .forEach(names::add);
    return names;
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    Stream.of(Image.class, ImageMember.class, Role.class, RoleBinding.class)
        .flatMap(kind -> all(kind).stream())
        .forEach(object -> put(versions, object));
    cluster
        .client()
        .v1()
        .events()
        .inNamespace(tenant.namespace())
        .list()
        .getItems()
        .forEach(event -> put(versions, event));
    return versions;
  }

  private static void put(Map<String, String> versions, HasMetadata object) {
    versions.put(
        object.getKind() + " " + object.getMetadata().getName(),
        object.getMetadata().getResourceVersion());
  }

  private <R extends HasMetadata> List<R> all(Class<R> kind) {
    KubernetesClient client = cluster.client();
    return client.resources(kind).inNamespace(tenant.namespace()).list().getItems();
  }

  private static boolean isOffered(ImageMember member) {
    return condition(member, "Ready").filter(c -> c.getReason().equals("Offered")).isPresent();
  }

  private static boolean isCounted(Image image) {
    return image.getStatus() != null
        && image.getStatus().members() != null
        && image.getStatus().members().pending() == MEMBERS
        && image.getMetadata().getLabels() != null;
  }

  private static boolean isWhole(RoleBinding binding) {
    return binding.getSubjects().size() == MEMBERS;
  }

  private static String name(int number) {
    return "img%04d".formatted(number);
  }
}
