package dev.darkroom.controller.support;

import static dev.darkroom.controller.Fixtures.brief;
import static org.assertj.core.api.Assertions.assertThat;

import dev.darkroom.controller.TestClock;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final String THEN = "2026-11-22T10:00:00Z";
  private static final String LATER = "2026-11-22T10:05:00Z";

  private final TestClock clock = new TestClock("2026-11-22T10:00:00.789Z");

  @Test
  void lastTransitionTimeIsTheTimeOfTheLastStatusChange() {
    List<Condition> waiting = after(List.of()).reconciling("Queued", "It waits.").list();

    clock.advance(Duration.ofMinutes(5));
    List<Condition> importing = after(waiting).reconciling("Importing", "It imports.").list();
    List<Condition> ready = after(importing).ready("Available", "It is there.").list();

    assertThat(importing).extracting(Condition::getReason).containsOnly("Importing");
    assertThat(importing).extracting(Condition::getMessage).containsOnly("It imports.");
    assertThat(importing).extracting(Condition::getLastTransitionTime).containsOnly(THEN);
    assertThat(ready).extracting(Condition::getLastTransitionTime).containsOnly(LATER);
  }

  @Test
  void aConditionThatWasRemovedHasANewTransitionTime() {
    List<Condition> stalled = after(List.of()).stalled("UnsafeImage", "It is bad.").list();
    List<Condition> recovering = after(stalled).reconciling("Queued", "It waits.").list();

    clock.advance(Duration.ofMinutes(5));
    List<Condition> again = after(recovering).stalled("UnsafeImage", "It is bad.").list();

    assertThat(again)
        .filteredOn(c -> c.getType().equals("Stalled"))
        .extracting(Condition::getLastTransitionTime)
        .containsExactly(LATER);
  }

  @Test
  void theSameConditionAgainChangesNothing() {
    List<Condition> once =
        after(List.of()).ready("Available", "It is there.").setTrue("Verified", "A", "B").list();

    clock.advance(Duration.ofMinutes(5));

    assertThat(after(once).ready("Available", "It is there.").setTrue("Verified", "A", "B").list())
        .isEqualTo(once);
  }

  @Test
  void readyReconcilingAndStalledComeFirst() {
    List<Condition> list =
        after(List.of())
            .setTrue("Verified", "A", "a")
            .setFalse("Published", "B", "b")
            .setTrue("Stalled", "C", "c")
            .setTrue("Reconciling", "D", "d")
            .setTrue("Default", "E", "e")
            .setFalse("Ready", "F", "f")
            .list();

    assertThat(list)
        .extracting(Condition::getType)
        .containsExactly("Ready", "Reconciling", "Stalled", "Verified", "Published", "Default");
  }

  @Test
  void eachOutcomeRemovesTheConditionsOfTheOneBefore() {
    List<Condition> none = List.of();
    List<Condition> ready = after(none).ready("A", "a").list();
    List<Condition> reconciling = after(ready).reconciling("B", "b").list();
    List<Condition> stalled = after(reconciling).stalled("C", "c").list();
    List<Condition> resting = after(stalled).resting("D", "d").list();

    assertThat(brief(ready)).containsExactly("Ready=True/A");
    assertThat(brief(reconciling)).containsExactly("Ready=False/B", "Reconciling=True/B");
    assertThat(brief(stalled)).containsExactly("Ready=False/C", "Stalled=True/C");
    assertThat(brief(resting)).containsExactly("Ready=False/D");
    assertThat(brief(after(stalled).ready("E", "e").list())).containsExactly("Ready=True/E");
    assertThat(brief(after(stalled).reconciling("F", "f").list()))
        .containsExactly("Ready=False/F", "Reconciling=True/F");
  }

  @Test
  void aConditionHasTheObservedGeneration() {
    assertThat(Conditions.after(List.of(), 7L, clock).ready("A", "a").list())
        .extracting(Condition::getObservedGeneration)
        .containsExactly(7L);
    assertThat(Conditions.after(List.of(), null, clock).ready("A", "a").list())
        .extracting(Condition::getObservedGeneration)
        .containsExactly(0L);
  }

  @Test
  void aMissingOrFalseConditionIsNotTrue() {
    List<Condition> list = after(List.of()).stalled("A", "a").list();

    assertThat(Conditions.isTrue(list, "Stalled")).isTrue();
    assertThat(Conditions.isTrue(list, "Ready")).isFalse();
    assertThat(Conditions.isTrue(list, "Reconciling")).isFalse();
    assertThat(Conditions.find(list, "Reconciling")).isEmpty();
  }

  private Conditions after(List<Condition> before) {
    return Conditions.after(before, 1L, clock);
  }
}
