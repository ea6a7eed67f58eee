package dev.darkroom.controller.store;

import dev.darkroom.access.Links;
import dev.darkroom.api.CopyState;
import dev.darkroom.api.Image;
import dev.darkroom.api.StoreCopy;
import dev.darkroom.controller.support.IndexedInformer;
import dev.darkroom.store.BlobKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The copies that images have in one store, counted in one pass over the images of that store.
 *
 * @param available how many images have an available copy
 * @param bytes of the available copies
 * @param keys of the available copies
 * @param verifications the times at which available copies were verified, in no order
 * @param states how many copies are in each state, by the state's name in lower case
 * @param users the images with bytes in the store, or about to have some
 */
record StoreContents(
    int available,
    long bytes,
    Set<BlobKey> keys,
    List<Instant> verifications,
    Map<String, Long> states,
    List<Image> users) {

  /** The states of a copy with bytes in the store, or with bytes on the way. */
  private static final Set<CopyState> HELD =
      EnumSet.of(CopyState.AVAILABLE, CopyState.COPYING, CopyState.CORRUPT);

  /** Adds the index that finds the images of a store; call it before the start of the cache. */
  static Function<String, StoreContents> index(IndexedInformer<Image> images) {
    IndexedInformer.Index<Image> byStore =
        images.index("store", image -> copies(image).stream().map(StoreCopy::name).toList());
    return store -> of(store, byStore.get(store));
  }

  /** The copies of an image; none for a link, whose status shows the copies of another image. */
  static List<StoreCopy> copies(Image image) {
    return image.getStatus() == null || Links.isLink(image)
        ? List.of()
        : image.getStatus().stores();
  }

  private static StoreContents of(String store, List<Image> images) {
    int available = 0;
    long bytes = 0;
    Set<BlobKey> keys = new HashSet<>();
    List<Instant> verifications = new ArrayList<>();
    Map<String, Long> states = new HashMap<>();
    List<Image> users = new ArrayList<>();
    for (Image image : images) {
      Optional<StoreCopy> found =
          copies(image).stream().filter(copy -> copy.name().equals(store)).findFirst();
      if (found.isEmpty()) {
        continue;
      }
      StoreCopy copy = found.get();
      states.merge(copy.state().name().toLowerCase(Locale.ROOT), 1L, Long::sum);
      if (HELD.contains(copy.state())) {
        users.add(image);
      }
      if (copy.state() == CopyState.AVAILABLE) {
        available++;
        bytes += copy.bytes() == null ? 0 : copy.bytes();
        keys.add(CopyKey.of(image));
        if (copy.verifiedAt() != null) {
          verifications.add(Instant.parse(copy.verifiedAt()));
        }
      }
    }
    return new StoreContents(available, bytes, keys, verifications, states, users);
  }
}
