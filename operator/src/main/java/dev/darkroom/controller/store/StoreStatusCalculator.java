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

/** Calculates the status of an ImageStore. */
final class StoreStatusCalculator {

  private static final String DEFAULT = "Default";
  private static final int NAMED_IMAGES = 5;

  private StoreStatusCalculator() {}

  /**
   * The status of a store.
   *
   * @param probe the result of the last probe
   * @param marked names of all stores marked default, the default store first
   * @param images the number of images with a copy in the store
   * @param used bytes of these copies
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
      // After a restart, the last result for the same spec counts until the first probe ends.
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

  /** The status of a store whose deletion waits for copies of images. */
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
                    "The deletion waits for images with a copy in the store: " + names + more + ".")
                .list())
        .build();
  }

  private static void defaultCondition(
      ImageStore store, List<String> marked, Conditions conditions) {
    String name = store.getMetadata().getName();
    if (!marked.contains(name)) {
      conditions.drop(DEFAULT);
    } else if (marked.size() == 1) {
      conditions.setTrue(DEFAULT, "OnlyDefault", "Images that name no store use this store.");
    } else if (marked.get(0).equals(name)) {
      conditions.setTrue(
          DEFAULT,
          "OldestDefault",
          "Images that name no store use this store, the oldest one marked default; others are: "
              + String.join(", ", marked.subList(1, marked.size()))
              + ".");
    } else {
      conditions.setFalse(
          DEFAULT,
          "AnotherDefault",
          "Images that name no store use store "
              + marked.get(0)
              + ", the oldest one marked default.");
    }
  }

  /** Follows changes of more than 1 %, so that a steady state writes no status. */
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
