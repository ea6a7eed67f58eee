package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.store.BlobKey;

/** The key of an image's copy, the same in every store. */
final class CopyKey {

  private CopyKey() {}

  /** Namespace, name and UID of the image: readable, and never used for another image. */
  static BlobKey of(Image image) {
    return BlobKey.of(
        image.getMetadata().getNamespace(),
        image.getMetadata().getName() + "-" + image.getMetadata().getUid());
  }
}
