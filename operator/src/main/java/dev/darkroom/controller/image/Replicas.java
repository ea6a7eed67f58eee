package dev.darkroom.controller.image;

import dev.darkroom.api.CopyState;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageImportStatus;
import dev.darkroom.api.ImportPhase;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.api.StoreCopyBuilder;
import dev.darkroom.controller.imageimport.ImportStatusCalculator;
import dev.darkroom.controller.store.CopyFinding;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The copies of one image while they are looked at: where they are, where they shall be, and what
 * keeps them from being there. Does nothing to them. Used by one thread.
 */
final class Replicas {

  /**
   * Why a copy is not made.
   *
   * @param reason in one word
   * @param message for people
   * @param ending whether that is the end, until a person does something
   */
  record Trouble(String reason, String message, Ending ending) {}

  /** Whether something goes on by itself. */
  enum Ending {
    PASSING,
    FINAL
  }

  private final Map<String, StoreCopy> copies = new LinkedHashMap<>();
  private final Map<String, Trouble> troubles = new LinkedHashMap<>();
  private final List<String> asked;
  private final int needed;

  /**
   * Begins with what the status says.
   *
   * @param asked the stores that shall have a copy
   * @param minAvailable how many copies are needed; null for all that are asked for
   */
  Replicas(List<StoreCopy> before, List<String> asked, Integer minAvailable) {
    this.asked = List.copyOf(asked);
    int most = Math.max(1, asked.size());
    this.needed = minAvailable == null ? most : Math.min(most, minAvailable);
    asked.forEach(
        name -> copies.put(name, new StoreCopy(name, CopyState.PENDING, null, null, null)));
    before.forEach(copy -> copies.put(copy.name(), copy));
  }

  /** The copy in that store, if one is there or shall be. */
  Optional<StoreCopy> find(String store) {
    return Optional.ofNullable(copies.get(store));
  }

  /** The stores that shall have a verified copy and don't. */
  List<String> lacking() {
    return asked.stream().filter(store -> !isGood(store)).toList();
  }

  /** The stores that shall not have a copy, and may have one. */
  List<String> unwanted() {
    return copies.keySet().stream().filter(store -> !asked.contains(store)).toList();
  }

  /**
   * Whether a copy may be given up: when as many verified ones as are needed are where they shall
   * be. So it is never the last one.
   */
  boolean mayLose(String store) {
    return asked.stream().filter(this::isGood).filter(name -> !name.equals(store)).count()
        >= needed;
  }

  /** Whether the store has a verified copy. */
  boolean isGood(String store) {
    return state(store).filter(CopyState.AVAILABLE::equals).isPresent();
  }

  /** Whether what the store has was found not to be the image. */
  boolean isCorrupt(String store) {
    return state(store).filter(CopyState.CORRUPT::equals).isPresent();
  }

  /** When the copy was last found to be good, if ever. */
  Optional<String> verifiedAt(String store) {
    return find(store).map(StoreCopy::verifiedAt);
  }

  /** Whether a copy that counts as good was read, or made, at that time or later. */
  boolean isProvenSince(Instant then) {
    return copies.values().stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE && copy.verifiedAt() != null)
        .anyMatch(copy -> !Instant.parse(copy.verifiedAt()).isBefore(then));
  }

  /** How many verified copies there are, wherever they are. */
  int good() {
    return (int) copies.keySet().stream().filter(this::isGood).count();
  }

  /** How many verified copies are needed. */
  int needed() {
    return needed;
  }

  /** How many are asked for. */
  int askedFor() {
    return asked.size();
  }

  /** Whether all is as it shall be. */
  boolean settled() {
    return lacking().isEmpty() && unwanted().isEmpty();
  }

  /** A verified copy is there now. */
  void made(StoreCopy copy) {
    copies.put(copy.name(), copy);
    troubles.remove(copy.name());
  }

  /** What was there is not there any more; its place may be taken. */
  void cleared(String store) {
    change(store, CopyState.MISSING, Optional.empty());
  }

  /** The copy is gone and shall not come back. */
  void gone(String store) {
    copies.remove(store);
    troubles.remove(store);
  }

  /** Says of a copy what is in its way. */
  void say(String store, Trouble trouble) {
    troubles.put(store, trouble);
    change(store, copies.get(store).state(), Optional.of(trouble.message()));
  }

  /** Takes up what a reader has found of a copy. */
  void found(String store, CopyFinding finding) {
    if (finding instanceof CopyFinding.Made made) {
      made(new StoreCopy(store, CopyState.AVAILABLE, made.bytes(), made.at().toString(), null));
      return;
    }
    StoreCopy before = copies.get(store);
    if (before == null) {
      return;
    }
    if (finding instanceof CopyFinding.Sound sound) {
      made(new StoreCopy(store, CopyState.AVAILABLE, sound.bytes(), sound.at().toString(), null));
    } else if (finding instanceof CopyFinding.Corrupt corrupt) {
      change(store, CopyState.CORRUPT, Optional.of(corrupt.sentence()));
    } else if (before.state() == CopyState.AVAILABLE || before.state() == CopyState.CORRUPT) {
      change(store, CopyState.MISSING, Optional.of("The store has no such copy any more."));
    }
  }

  /** The import that makes the copy says how it is. */
  void following(String store, ImageImport job) {
    ImageImportStatus status =
        Objects.requireNonNullElseGet(job.getStatus(), ImageImportStatus::empty);
    Optional<Condition> ready = Conditions.find(status.conditions(), Conditions.READY);
    if (ImportStatusCalculator.finished(job)) {
      change(store, CopyState.FAILED, ready.map(Condition::getMessage));
      trouble(store, ready, Ending.FINAL);
    } else if (status.phase() == null || status.phase() == ImportPhase.QUEUED) {
      CopyState state =
          find(store)
              .map(StoreCopy::state)
              .filter(CopyState.MISSING::equals)
              .orElse(CopyState.PENDING);
      change(store, state, ready.map(Condition::getMessage));
      trouble(store, ready, Ending.PASSING);
    } else {
      change(store, CopyState.COPYING, Optional.ofNullable(status.column()));
    }
  }

  /** What keeps copies from being made; what needs a person is first. */
  Optional<Trouble> trouble() {
    return troubles.values().stream().max(Comparator.comparing(Trouble::ending));
  }

  /** The copies as the status has them: those asked for first, in their order. */
  List<StoreCopy> list() {
    return List.copyOf(copies.values());
  }

  private void trouble(String store, Optional<Condition> ready, Ending ending) {
    ready
        .filter(condition -> ProgressReason.isTrouble(condition.getReason()))
        .ifPresentOrElse(
            condition ->
                troubles.put(
                    store, new Trouble(condition.getReason(), condition.getMessage(), ending)),
            () -> troubles.remove(store));
  }

  private Optional<CopyState> state(String store) {
    return find(store).map(StoreCopy::state);
  }

  private void change(String store, CopyState state, Optional<String> message) {
    copies.computeIfPresent(
        store,
        (name, copy) ->
            StoreCopyBuilder.builder(copy)
                .state(state)
                .bytes(state == CopyState.AVAILABLE ? copy.bytes() : null)
                .message(message.orElse(null))
                .build());
  }
}
