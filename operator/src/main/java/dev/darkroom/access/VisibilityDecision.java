package dev.darkroom.access;

/** Whether a namespace may see an image, with the reason. */
public enum VisibilityDecision {
  /** The image is in the namespace. */
  OWN,
  /** The image is shared with the namespace, and the offer is not rejected. */
  MEMBER,
  /** The image is visible to every namespace by its name. */
  COMMUNITY,
  /** The image is public. */
  PUBLIC,
  /** The image is not visible. */
  NONE;

  /** Whether the image is visible. */
  public boolean granted() {
    return this != NONE;
  }
}
