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

  private final ImportUpdateFilter triggers = new ImportUpdateFilter();

  @Test
  void theProgressThatAnImageShowsDoesNotComeBackToItsImport() {
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

    assertThat(triggers.accept(now, before)).isFalse();
  }

  @Test
  void anImageThatIsMendedOrGoesIsWorthALook() {
    Image mended = image("ubuntu");
    mended.getMetadata().setGeneration(2L);

    assertThat(triggers.accept(mended, image("ubuntu"))).isTrue();
    assertThat(triggers.accept(deletedAt(Instant.EPOCH, image("ubuntu")), image("ubuntu")))
        .isTrue();
  }

  @Test
  void anImageThatGotItsBytesIsWorthALook() {
    assertThat(triggers.accept(withBytes(image("ubuntu"), "fast"), image("ubuntu"))).isTrue();
  }

  @Test
  void anImportThatWaitsForAnotherHearsThatItsTurnMayHaveCome() {
    Image importing = withStatus(image("ubuntu"), s -> s.phase(ImagePhase.IMPORTING));
    Image failed = withStatus(image("ubuntu"), s -> s.phase(ImagePhase.FAILED));
    Image first = withStatus(image("ubuntu"), s -> s.importRef(new ObjectReference("first")));
    Image second = withStatus(image("ubuntu"), s -> s.importRef(new ObjectReference("second")));

    assertThat(triggers.accept(failed, importing)).isTrue();
    assertThat(triggers.accept(second, first)).isTrue();
  }
}
