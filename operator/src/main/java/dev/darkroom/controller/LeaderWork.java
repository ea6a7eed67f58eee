package dev.darkroom.controller;

import java.util.Collection;

/** What only the one does that leads. */
interface LeaderWork {

  /** Makes the work, and begins it. */
  @FunctionalInterface
  interface Beginning {

    /** Blocks until it has begun; throws when it can't. */
    LeaderWork begin();
  }

  /** Whether it can do what it is for. */
  boolean isReady();

  /** What it knows of stores. */
  Collection<StoreFigures> inventory();

  /** Ends it in order. */
  void close();

  /**
   * Ends it as fast as can be.
   *
   * @param left is told when it does nothing any more that another must not do at the same time
   * @return whether that was so
   */
  boolean abandon(Runnable left);

  /** The work of an operator. */
  static LeaderWork of(ImageOperator operator) {
    return new LeaderWork() {
      @Override
      public boolean isReady() {
        return operator.isReady();
      }

      @Override
      public Collection<StoreFigures> inventory() {
        return operator.inventory();
      }

      @Override
      public void close() {
        operator.close();
      }

      @Override
      public boolean abandon(Runnable left) {
        return operator.abandon(left);
      }
    };
  }
}
