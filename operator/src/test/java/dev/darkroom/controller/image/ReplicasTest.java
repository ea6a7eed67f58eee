package dev.darkroom.controller.image;

import static dev.darkroom.controller.Fixtures.copies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.store.CopyFinding;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasTest {

  @Test
  void theLastVerifiedCopyIsNeverDeleted() {
    Replicas moving = new Replicas(copies(CopyState.AVAILABLE, "old"), List.of("new"), null);

    assertThat(moving.lacking()).containsExactly("new");
    assertThat(moving.unwanted()).containsExactly("old");
    assertThat(moving.mayLose("old")).isFalse();

    moving.found("new", new CopyFinding.Made(Instant.EPOCH, 3));
    assertThat(moving.mayLose("old")).isTrue();
    assertThat(moving.mayLose("new")).isFalse();
  }

  @Test
  void aCopyIsDeletedOnlyWhenTheWantedStoresHaveEnough() {
    List<StoreCopy> before = copies(CopyState.AVAILABLE, "old", "a");

    assertThat(new Replicas(before, List.of("a", "b"), null).mayLose("old")).isFalse();
    assertThat(new Replicas(before, List.of("a", "b"), 1).mayLose("old")).isTrue();
  }

  @Test
  void aMissingCopyKeepsTheTimeOfItsVerification() {
    Replicas replicas =
        new Replicas(
            List.of(new StoreCopy("a", CopyState.AVAILABLE, 3L, Instant.EPOCH.toString(), null)),
            List.of("a"),
            null);

    replicas.found("a", new CopyFinding.Missing());

    assertThat(replicas.list())
        .containsExactly(
            new StoreCopy(
                "a",
                CopyState.MISSING,
                null,
                Instant.EPOCH.toString(),
                "The store has no such copy any more."));
    assertThat(replicas.good()).isZero();
  }

  @Test
  void aLateFindingDoesNotAddACopy() {
    Replicas replicas = new Replicas(copies(CopyState.AVAILABLE, "a"), List.of("a"), null);

    replicas.found("gone", new CopyFinding.Sound(Instant.EPOCH, 3));

    assertThat(replicas.list()).extracting(StoreCopy::name).containsExactly("a");
  }
}
