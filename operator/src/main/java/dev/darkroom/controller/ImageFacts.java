package dev.darkroom.controller;

import dev.darkroom.api.Image;

/** Facts that the status of an Image states. */
final class ImageFacts {

  private ImageFacts() {}

  /** Whether the image has verified bytes; the bytes of an image never change. */
  static boolean hasBytes(Image image) {
    return image.getStatus() != null && image.getStatus().digest() != null;
  }
}
