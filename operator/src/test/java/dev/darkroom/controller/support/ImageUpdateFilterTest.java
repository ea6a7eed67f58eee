package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.annotated;
import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.withBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.ApiGroup;
import dev.darkroom.api.Image;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageUpdateFilterTest {

  private static final String RETRY = ApiGroup.RETRY_ANNOTATION;

  private final ImageUpdateFilter changes = new ImageUpdateFilter();

  @Test
  void aSpecUpdateIsAccepted() {
    Image updated = image("ubuntu");
    updated.getMetadata().setGeneration(2L);

    assertThat(changes.accept(updated, image("ubuntu"))).isTrue();
  }

  @Test
  void aDeletionAndARemovedFinalizerAreAccepted() {
    Image deleted = deletedAt(Instant.EPOCH, image("ubuntu"));
    Image held = deletedAt(Instant.EPOCH, image("ubuntu"));
    held.getMetadata().setFinalizers(List.of("example.com/other"));

    assertThat(changes.accept(deleted, image("ubuntu"))).isTrue();
    assertThat(changes.accept(deleted, held)).isTrue();
  }

  @Test
  void everyChangeOfTheRetryAnnotationIsAccepted() {
    Image none = image("ubuntu");
    Image one = annotated(RETRY, "1", image("ubuntu"));
    Image two = annotated(RETRY, "2", image("ubuntu"));

    assertThat(changes.accept(one, none)).isTrue();
    assertThat(changes.accept(two, one)).isTrue();
    assertThat(changes.accept(none, two)).isTrue();
  }

  @Test
  void statusAndOtherMetadataAreRejected() {
    Image now = annotated("example.com/note", "hello", withBytes(image("ubuntu"), "fast"));
    now.getMetadata().setResourceVersion("2");
    now.getMetadata().setLabels(Map.of("team", "lab"));

    assertThat(changes.accept(now, image("ubuntu"))).isFalse();
    assertThat(changes.accept(annotated(RETRY, "1", image("u")), annotated(RETRY, "1", image("u"))))
        .isFalse();
  }
}
