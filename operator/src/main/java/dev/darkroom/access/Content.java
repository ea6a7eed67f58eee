package dev.darkroom.access;

import dev.darkroom.api.Image;

/**
 * Whether an image gives its bytes to anybody at all. RBAC says who may ask for them ({@code get
 * images/content}); it can take nothing from those who may do everything in the namespace, so
 * whoever serves bytes asks this too, of the image and, where that is a link, of its root.
 */
public enum Content {
  /** It gives them to those who may ask. */
  SERVED,
  /** Its owner withholds them from everybody. */
  DEACTIVATED,
  /** It has none yet. */
  NONE;

  /** Of an image. */
  public static Content of(Image image) {
    if (image.getSpec().deactivated()) {
      return DEACTIVATED;
    }
    return image.getStatus() == null || image.getStatus().digest() == null ? NONE : SERVED;
  }
}
