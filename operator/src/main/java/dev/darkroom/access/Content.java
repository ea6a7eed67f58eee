package dev.darkroom.access;

import dev.darkroom.api.Image;

/**
 * Whether an image serves its bytes. RBAC decides which users may read them ({@code get
 * images/content}), but can't restrict a user with all rights in the namespace. Code that serves
 * bytes therefore checks this too: for the image and, of a link, for its root.
 */
public enum Content {
  /** Serves its bytes. */
  SERVED,
  /** Is deactivated: withholds its bytes. */
  DEACTIVATED,
  /** Has no bytes yet. */
  NONE;

  /** The content state of an image. */
  public static Content of(Image image) {
    if (image.getSpec().deactivated()) {
      return DEACTIVATED;
    }
    return image.getStatus() == null || image.getStatus().digest() == null ? NONE : SERVED;
  }
}
