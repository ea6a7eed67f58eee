package dev.darkroom.controller.imageimport;

import static dev.darkroom.controller.Fixtures.deletedAt;
import static dev.darkroom.controller.Fixtures.image;
import static dev.darkroom.controller.Fixtures.withBytes;
import static dev.darkroom.controller.Fixtures.withStatus;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.ImagePhase;
import dev.darkroom.api.ObjectReference;
import dev.darkroom.controller.Fixtures;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportUpdateFilterTest {

  private final ImportUpdateFilter filter = new ImportUpdateFilter();

  @Test
  void progressOfAnImageIsFilteredOut() {
    Image before = withStatus(image("ubuntu"), s -> s.phase(ImagePhase.IMPORTING).progress("41%"));
    Image now =
        withStatus(
            image("ubuntu"),
            s ->
                s.phase(ImagePhase.IMPORTING)
                    .progress("42%")
                    .observedGeneration(1L)
                    .stores(Fixtures.copies(CopyState.COPYING, "fast"))
                    .conditions(List.of(new ConditionBuilder().withType("Ready").build())));

    assertThat(filter.accept(now, before)).isFalse();
  }

  @Test
  void aChangedSpecOrADeletionIsAccepted() {
    Image changed = image("ubuntu");
    changed.getMetadata().setGeneration(2L);

    assertThat(filter.accept(changed, image("ubuntu"))).isTrue();
    assertThat(filter.accept(deletedAt(Instant.EPOCH, image("ubuntu")), image("ubuntu"))).isTrue();
  }

  @Test
  void newBytesAreAccepted() {
    assertThat(filter.accept(withBytes(image("ubuntu"), "fast"), image("ubuntu"))).isTrue();
  }

  @Test
  void aChangeOfThePhaseIsAccepted() {
    Image importing = withStatus(image("ubuntu"), s -> s.phase(ImagePhase.IMPORTING));
    Image failed = withStatus(image("ubuntu"), s -> s.phase(ImagePhase.FAILED));
    Image first = withStatus(image("ubuntu"), s -> s.importRef(new ObjectReference("first")));
    Image second = withStatus(image("ubuntu"), s -> s.importRef(new ObjectReference("second")));

    assertThat(filter.accept(failed, importing)).isTrue();
    assertThat(filter.accept(second, first)).isTrue();
  }
}
