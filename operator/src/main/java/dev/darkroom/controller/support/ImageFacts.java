package dev.darkroom.controller.support;

import dev.darkroom.api.Image;

/** Facts that the status of an Image states. */
public final class ImageFacts {

  private ImageFacts() {}

  /** Whether the image has verified bytes; the bytes of an image never change. */
  public static boolean hasBytes(Image image) {
    return image.getStatus() != null && image.getStatus().digest() != null;
  }
}
