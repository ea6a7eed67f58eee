package dev.darkroom.controller.leader;

import dev.darkroom.controller.support.StoreFigures;
import java.util.Collection;

/** What an operator's process does: it works, or it stands by to. Safe for use by many threads. */
public interface OperatorHandle extends AutoCloseable {

  /** Whether it can do its part. */
  boolean isReady();

  /** What is in each store, as far as is known; nothing while it stands by. */
  Collection<StoreFigures> inventory();

  /** Ends it in order. */
  @Override
  void close();
}
