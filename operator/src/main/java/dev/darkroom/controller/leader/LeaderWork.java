package dev.darkroom.controller.leader;

/** What only the one does that leads. */
public interface LeaderWork extends OperatorHandle {

  /** Makes the work, and begins it. */
  @FunctionalInterface
  interface Beginning {

    /** Blocks until it has begun; throws when it can't. */
    LeaderWork begin();
  }

  /**
   * Ends it as fast as can be, as somebody else may be about to work in its place.
   *
   * @param left is told when it does nothing any more that another must not do at the same time
   * @return whether that was so
   */
  boolean abandon(Runnable left);
}
