package dev.darkroom.access;

/** Whether the people of a namespace may see an image, and why. */
public enum VisibilityDecision {
  /** It is theirs. */
  OWN,
  /** It is offered to them, and they did not reject it. */
  MEMBER,
  /** It is for everybody who knows its name. */
  COMMUNITY,
  /** It is for everybody. */
  PUBLIC,
  /** They may not. */
  NONE;

  /** Whether they may. */
  public boolean granted() {
    return this != NONE;
  }
}
