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
 * The copies of one image during a reconcile: the present copies, the wanted stores, and the
 * reasons why copies are missing. Has no side effects. For one thread.
 */
final class Replicas {

  /**
   * Why a copy is not made.
   *
   * @param reason of a condition
   * @param message of a condition
   * @param ending whether a person must act
   */
  record Trouble(String reason, String message, Ending ending) {}

  /** Whether a trouble ends without an action by a person. */
  enum Ending {
    /** A later reconcile tries again. */
    PASSING,
    /** A person must act. */
    FINAL
  }

  private final Map<String, StoreCopy> copies = new LinkedHashMap<>();
  private final Map<String, Trouble> troubles = new LinkedHashMap<>();
  private final List<String> asked;
  private final int needed;

  /**
   * Starts from the copies in the status.
   *
   * @param asked the stores that shall have a copy
   * @param minAvailable how many copies are needed; null for all
   */
  Replicas(List<StoreCopy> before, List<String> asked, Integer minAvailable) {
    this.asked = List.copyOf(asked);
    int most = Math.max(1, asked.size());
    this.needed = minAvailable == null ? most : Math.min(most, minAvailable);
    asked.forEach(
        name -> copies.put(name, new StoreCopy(name, CopyState.PENDING, null, null, null)));
    before.forEach(copy -> copies.put(copy.name(), copy));
  }

  /** The copy in a store, present or wanted. */
  Optional<StoreCopy> find(String store) {
    return Optional.ofNullable(copies.get(store));
  }

  /** The wanted stores without a verified copy. */
  List<String> lacking() {
    return asked.stream().filter(store -> !isGood(store)).toList();
  }

  /** The stores that may have a copy and are not wanted. */
  List<String> unwanted() {
    return copies.keySet().stream().filter(store -> !asked.contains(store)).toList();
  }

  /**
   * Whether a copy may be deleted: only when the wanted stores have as many other verified copies
   * as are needed. The last verified copy is never deleted.
   */
  boolean mayLose(String store) {
    return asked.stream().filter(this::isGood).filter(name -> !name.equals(store)).count()
        >= needed;
  }

  /** Whether the store has a verified copy. */
  boolean isGood(String store) {
    return state(store).filter(CopyState.AVAILABLE::equals).isPresent();
  }

  /** Whether the copy in the store was found to be corrupt. */
  boolean isCorrupt(String store) {
    return state(store).filter(CopyState.CORRUPT::equals).isPresent();
  }

  /** The time of the last verification of a copy; empty without one. */
  Optional<String> verifiedAt(String store) {
    return find(store).map(StoreCopy::verifiedAt);
  }

  /** Whether any verified copy was read or made at that time or later. */
  boolean isProvenSince(Instant then) {
    return copies.values().stream()
        .filter(copy -> copy.state() == CopyState.AVAILABLE && copy.verifiedAt() != null)
        .anyMatch(copy -> !Instant.parse(copy.verifiedAt()).isBefore(then));
  }

  /** The number of verified copies, in wanted and unwanted stores. */
  int good() {
    return (int) copies.keySet().stream().filter(this::isGood).count();
  }

  /** The number of verified copies that make the image Ready. */
  int needed() {
    return needed;
  }

  /** The number of wanted stores. */
  int askedFor() {
    return asked.size();
  }

  /** Whether all wanted stores have verified copies, and no other store has one. */
  boolean settled() {
    return lacking().isEmpty() && unwanted().isEmpty();
  }

  /** Adds or replaces a verified copy. */
  void made(StoreCopy copy) {
    copies.put(copy.name(), copy);
    troubles.remove(copy.name());
  }

  /** Sets a copy to Missing: its bytes are deleted, and it may be made again. */
  void cleared(String store) {
    change(store, CopyState.MISSING, Optional.empty());
  }

  /** Removes a copy that is not wanted. */
  void gone(String store) {
    copies.remove(store);
    troubles.remove(store);
  }

  /** Sets the trouble of a copy. */
  void say(String store, Trouble trouble) {
    troubles.put(store, trouble);
    change(store, copies.get(store).state(), Optional.of(trouble.message()));
  }

  /** Applies the finding of a scrub or a transfer. */
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

  /** Sets the state of a copy from the import that makes it. */
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

  /** The first trouble; one that needs a person comes before others. */
  Optional<Trouble> trouble() {
    return troubles.values().stream().max(Comparator.comparing(Trouble::ending));
  }

  /** The copies for the status: the wanted stores first, in their order. */
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
