package dev.darkroom.controller.leader;

/** The work of the leader: only the Lease holder does it. */
public interface LeaderWork extends OperatorHandle {

  /** Starts the work of a term. */
  @FunctionalInterface
  interface Beginning {

    /** Blocks until the work has started; throws when it can't start. */
    LeaderWork begin();
  }

  /**
   * Stops as fast as possible: another operator may take over.
   *
   * @param left call it as soon as this work writes nothing any more that the next leader may write
   * @return whether {@code left} was called
   */
  boolean abandon(Runnable left);
}
