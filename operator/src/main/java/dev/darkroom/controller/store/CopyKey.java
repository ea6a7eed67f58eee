package dev.darkroom.controller.store;

import dev.darkroom.api.Image;
import dev.darkroom.store.BlobKey;

/** The key of an image's copies; the same in every store. */
public final class CopyKey {

  private CopyKey() {}

  /** The key: namespace, name and UID of the image. Never used for another image. */
  public static BlobKey of(Image image) {
    return BlobKey.of(
        image.getMetadata().getNamespace(),
        image.getMetadata().getName() + "-" + image.getMetadata().getUid());
  }
}
