package dev.darkroom.controller.store;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.ImageStoreStatus;
import dev.darkroom.api.ImageStoreStatusBuilder;
import dev.darkroom.api.StoreSummary;
import dev.darkroom.controller.support.Conditions;
import dev.darkroom.controller.support.ProgressReason;
import dev.darkroom.controller.support.Sizes;
import dev.darkroom.store.BlobStore;
import dev.darkroom.transfer.model.Failure;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Works out what the status of an ImageStore says. */
final class StoreStatusCalculator {

  private static final String DEFAULT = "Default";
  private static final int NAMED_IMAGES = 5;

  private StoreStatusCalculator() {}

  /**
   * The status of a store.
   *
   * @param probe what the last probe found
   * @param marked names of all stores that are marked default, the one that is it first
   * @param images how many images have a copy in it
   * @param used bytes of those copies
   */
  static ImageStoreStatus of(
      ImageStore store,
      Optional<StoreProbes.Result> probe,
      List<String> marked,
      int images,
      long used,
      Clock clock) {
    ImageStoreStatus before = before(store);
    Conditions conditions = conditions(store, clock);
    Optional<Failure> trouble = probe.flatMap(StoreProbes.Result::trouble);
    if (trouble.isPresent()) {
      conditions.reconciling(trouble.get().reason().apiName(), trouble.get().message());
    } else if (probe.isPresent()) {
      conditions.ready(
          ProgressReason.PROBED.apiName(), "A probe wrote, read and deleted an object.");
    } else if (!isObserved(store)) {
      // After a restart, what an earlier operator found of the same spec counts until it is known.
      conditions.reconciling(ProgressReason.PROBING.apiName(), "The store is being probed.");
    }
    defaultCondition(store, marked, conditions);

    Long available = available(before.available(), probe);
    return ImageStoreStatusBuilder.builder()
        .observedGeneration(store.getMetadata().getGeneration())
        .capabilities(
            probe
                .flatMap(StoreProbes.Result::store)
                .map(StoreStatusCalculator::capabilities)
                .orElse(before.capabilities()))
        .images(images)
        .used(used)
        .available(available)
        .summary(
            new StoreSummary(
                store.getSpec().s3() == null ? "filesystem" : "s3",
                Sizes.of(used),
                available == null ? null : Sizes.of(available)))
        .conditions(conditions.list())
        .build();
  }

  /** The status of a store that can't be let go, because images have copies in it. */
  static ImageStoreStatus inUse(ImageStore store, List<Image> images, Clock clock) {
    String names =
        images.stream()
            .map(i -> i.getMetadata().getNamespace() + "/" + i.getMetadata().getName())
            .sorted()
            .limit(NAMED_IMAGES)
            .collect(Collectors.joining(", "));
    String more =
        images.size() > NAMED_IMAGES ? " and " + (images.size() - NAMED_IMAGES) + " more" : "";
    return ImageStoreStatusBuilder.builder(before(store))
        .observedGeneration(store.getMetadata().getGeneration())
        .conditions(
            conditions(store, clock)
                .drop(DEFAULT)
                .reconciling(
                    ProgressReason.STORE_IN_USE.apiName(),
                    "The store goes when no image has a copy in it any more: " + names + more + ".")
                .list())
        .build();
  }

  private static void defaultCondition(
      ImageStore store, List<String> marked, Conditions conditions) {
    String name = store.getMetadata().getName();
    if (!marked.contains(name)) {
      conditions.drop(DEFAULT);
    } else if (marked.size() == 1) {
      conditions.setTrue(DEFAULT, "OnlyDefault", "Images that name no store go here.");
    } else if (marked.get(0).equals(name)) {
      conditions.setTrue(
          DEFAULT,
          "OldestDefault",
          "Images that name no store go here, though other stores are marked default too: "
              + String.join(", ", marked.subList(1, marked.size()))
              + ".");
    } else {
      conditions.setFalse(
          DEFAULT,
          "AnotherDefault",
          "Images that name no store go to " + marked.get(0) + ", which was marked earlier.");
    }
  }

  /** Moves only when it changed by more than a percent: a steady state writes nothing. */
  private static Long available(Long before, Optional<StoreProbes.Result> probe) {
    OptionalLong now =
        probe.map(result -> result.headroom().availableBytes()).orElse(OptionalLong.empty());
    if (now.isEmpty()) {
      return before;
    }
    if (before != null && Math.abs(before - now.getAsLong()) <= before / 100) {
      return before;
    }
    return now.getAsLong();
  }

  private static List<String> capabilities(BlobStore store) {
    return store.capabilities().stream()
        .sorted()
        .map(
            capability ->
                switch (capability) {
                  case RANGE -> "Range";
                  case PRESIGN -> "Presign";
                  case SERVER_SIDE_COPY -> "ServerSideCopy";
                  case RESUME -> "Resume";
                })
        .toList();
  }

  private static boolean isObserved(ImageStore store) {
    return Objects.equals(before(store).observedGeneration(), store.getMetadata().getGeneration());
  }

  private static ImageStoreStatus before(ImageStore store) {
    return Objects.requireNonNullElseGet(store.getStatus(), ImageStoreStatus::empty);
  }

  private static Conditions conditions(ImageStore store, Clock clock) {
    return Conditions.after(before(store).conditions(), store.getMetadata().getGeneration(), clock);
  }
}
